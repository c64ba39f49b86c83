// SPDX-License-Identifier: Apache-2.0
#include "plugin/subscriptions.hpp"

#include <utility>

#include "plugin/current.hpp"

namespace romp::plugin {
namespace {

/// So many messages in a row, then other tasks of the strand get their turn.
constexpr int messages_a_turn = 64;

/// What a task of the strand is given.
struct Turn {
  std::shared_ptr<Subscriptions> owner;
  romp_sub_id id;
};

}  // namespace

romp_status Subscriptions::open(std::string_view destination, broker::Terms terms,
                                const Callbacks& callbacks, romp_sub_id& id) {
  base::Ptr<Inbox> inbox;
  {
    const std::lock_guard lock(mutex_);
    if (paused_) return ROMP_E_CANCELLED;
    if (entries_.size() >= most) return ROMP_E_AGAIN;
    id = ++last_;
    inbox = new Inbox(std::move(terms), [weak = weak_from_this(), id] {
      if (const auto self = weak.lock()) self->wake(id);
    });
    entries_[id] = {callbacks, inbox, false, false};
  }
  const auto status = gateway_.subscribe(destination, inbox);
  if (status == ROMP_OK) return ROMP_OK;
  const std::lock_guard lock(mutex_);
  entries_.erase(id);
  return status;
}

romp_status Subscriptions::close(romp_sub_id id) {
  {
    const std::lock_guard lock(mutex_);
    auto* entry = find(id);
    if (entry == nullptr || entry->closing) return ROMP_E_GONE;
    entry->closing = true;
  }
  wake(id);
  return ROMP_OK;
}

romp_status Subscriptions::settle(romp_sub_id id, std::uint64_t token, bool positive) {
  base::Ptr<Inbox> inbox;
  {
    const std::lock_guard lock(mutex_);
    const auto* entry = find(id);
    if (entry == nullptr) return ROMP_E_GONE;
    inbox = entry->inbox;
  }
  if (inbox->terms().ack == broker::AckMode::automatic) return ROMP_E_STATE;
  auto named = inbox->settle(token);
  if (named.empty()) return ROMP_E_NOTFOUND;
  const auto destination = inbox->destination();
  if (!destination) return ROMP_OK;  // of a pattern: topics keep nothing
  if (positive) {
    destination->settle(*inbox, named);
  } else {
    gateway_.dead_letter(*destination, destination->give_back(*inbox, std::move(named), true));
  }
  return ROMP_OK;
}

void Subscriptions::wake(romp_sub_id id) {
  {
    const std::lock_guard lock(mutex_);
    auto* entry = find(id);
    if (entry == nullptr || std::exchange(entry->scheduled, true)) return;
  }
  auto turn = std::make_unique<Turn>(Turn{shared_from_this(), id});
  if (tasks_->post_own({run_turn, turn.get()}) == ROMP_OK) (void)turn.release();
}

void Subscriptions::run_turn(void* arg, romp_status status) {
  const std::unique_ptr<Turn> turn(static_cast<Turn*>(arg));
  if (status == ROMP_OK) turn->owner->turn(turn->id);
}

void Subscriptions::turn(romp_sub_id id) {
  Entry entry;
  {
    const std::lock_guard lock(mutex_);
    auto* found = find(id);
    if (found == nullptr) return;
    found->scheduled = false;
    entry = *found;
  }
  Delivered delivered;
  for (int i = 0; i < messages_a_turn && !is_closing(id); ++i) {
    bool room = false;
    auto taken = entry.inbox->take(room);
    if (!taken.message) return end(id, entry.inbox->evicted());
    give(id, entry, std::move(taken), delivered);
    const auto from = entry.inbox->destination();
    if (room && from) from->resume(*entry.inbox);
  }
  if (is_closing(id)) {
    end(id, ROMP_OK);
  } else {
    wake(id);
  }
}

/// Whatever the plugin throws, the messages behind this one are still to be given.
void Subscriptions::give(romp_sub_id id, const Entry& entry, Inbox::Taken taken,
                         Delivered& delivered) {
  delivered.show(std::move(taken.message), gateway_.boot());
  const auto before = std::exchange(current.delivered, &delivered);
  try {
    entry.callbacks.on_message(entry.callbacks.user, id, &delivered.frame, taken.token);
  } catch (...) {
    current.delivered = before;
    wake(id);
    throw;
  }
  current.delivered = before;
}

bool Subscriptions::is_closing(romp_sub_id id) {
  const std::lock_guard lock(mutex_);
  const auto* entry = find(id);
  return entry != nullptr && entry->closing;
}

/// Ends it when the plugin or the destination has asked for that.
void Subscriptions::end(romp_sub_id id, romp_status why) {
  Entry entry;
  {
    const std::lock_guard lock(mutex_);
    auto* found = find(id);
    if (found == nullptr || (why == ROMP_OK && !found->closing)) return;
    entry = *found;
    entries_.erase(id);
  }
  leave(*entry.inbox);
  if (entry.callbacks.on_closed != nullptr) {
    entry.callbacks.on_closed(entry.callbacks.user, id, why);
  }
}

void Subscriptions::leave(Inbox& inbox) {
  gateway_.unsubscribe(inbox, inbox.destination(), inbox.end());
}

Subscriptions::Entry* Subscriptions::find(romp_sub_id id) {
  const auto it = entries_.find(id);
  return it == entries_.end() ? nullptr : &it->second;
}

void Subscriptions::pause() {
  const std::lock_guard lock(mutex_);
  paused_ = true;
}

void Subscriptions::finish(const std::function<void(const std::function<void()>&)>& run) {
  std::map<romp_sub_id, Entry> rest;
  {
    const std::lock_guard lock(mutex_);
    paused_ = true;
    rest.swap(entries_);
  }
  for (const auto& one : rest) {
    leave(*one.second.inbox);
    const auto& callbacks = one.second.callbacks;
    if (callbacks.on_closed == nullptr) continue;
    run([&] { callbacks.on_closed(callbacks.user, one.first, ROMP_E_CANCELLED); });
  }
}

}  // namespace romp::plugin
