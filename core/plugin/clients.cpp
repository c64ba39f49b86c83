// SPDX-License-Identifier: Apache-2.0
#include "plugin/clients.hpp"

#include <exception>
#include <utility>

#include "plugin/current.hpp"
#include "plugin/text.hpp"

namespace romp::plugin {
namespace {

/// So many frames in a row, then other tasks of the strand get their turn.
constexpr std::size_t frames_a_turn = 64;

/// What a task of the strand is given.
struct Turn {
  std::shared_ptr<Clients> owner;
  romp_conn_id id;
};

std::size_t size_of(const Arrived& arrived) {
  return sizeof arrived + arrived.text.size() +
         (arrived.frames ? arrived.frames->octets.size() : 0);
}

/// A frame as plugins see it. The headers are kept in `views`.
romp_frame shown(const stomp::Batch& batch, const stomp::Batch::Item& item,
                 std::vector<romp_header>& views) {
  views.clear();
  for (const auto& header : batch.headers_of(item)) {
    views.push_back({str(header.name), str(header.value)});
  }
  romp_frame frame{};
  frame.size = sizeof frame;
  frame.command = static_cast<std::uint32_t>(item.command);
  frame.header_count = item.count;
  frame.headers = views.data();
  frame.verb = str(item.word);
  frame.destination = romp_frame_header(&frame, ROMP_STR("destination"));
  frame.body = {item.body.data() != nullptr ? item.body.data() : "", item.body.size()};
  frame.body_size = item.body.size();
  return frame;
}

using Kind = Arrived::Kind;

/// The plugin is shown a frame, which it may retain.
class Showing {
 public:
  explicit Showing(const romp_frame& frame) : before_(std::exchange(current.received, &frame)) {}
  ~Showing() { current.received = before_; }
  Showing(const Showing&) = delete;
  Showing& operator=(const Showing&) = delete;

 private:
  const romp_frame* before_;
};

void call(const Clients::Callbacks& to, romp_conn_id id, const Arrived& arrived,
          const romp_frame& frame) {
  const Showing showing(frame);
  if (arrived.kind == Kind::up && to.on_up != nullptr) to.on_up(to.user, id, &frame);
  if (arrived.kind == Kind::frames && to.on_frame != nullptr) to.on_frame(to.user, id, &frame);
  if (arrived.kind == Kind::answers && to.on_answer != nullptr) {
    to.on_answer(to.user, id, str(arrived.text), &frame);
  }
}

}  // namespace

romp_status Clients::open(const OutboundWish& wish, const Callbacks& callbacks, romp_conn_id& id,
                          std::string& why) {
  {
    const std::lock_guard lock(mutex_);
    if (paused_) return ROMP_E_CANCELLED;
    if (entries_.size() >= most) return ROMP_E_AGAIN;
    id = ++last_;
    entries_[id].callbacks = callbacks;
  }
  std::shared_ptr<Outbound> made;
  const auto status = gateway_.dial(
      wish,
      [weak = weak_from_this(), id](Arrived arrived) {
        if (const auto self = weak.lock()) self->put(id, std::move(arrived));
      },
      made, why);
  if (status == ROMP_OK && make_known(id, made)) {
    wake(id);  // it may have come up in the meantime
    return ROMP_OK;
  }
  if (made) made->close();
  const std::lock_guard lock(mutex_);
  entries_.erase(id);
  return status == ROMP_OK ? ROMP_E_CANCELLED : status;
}

/// Nothing is told before: the plugin could not answer. False: everything has ended.
bool Clients::make_known(romp_conn_id id, const std::shared_ptr<Outbound>& outbound) {
  const std::lock_guard lock(mutex_);
  const auto entry = entries_.find(id);
  if (entry == entries_.end()) return false;
  entry->second.outbound = outbound;
  return true;
}

std::shared_ptr<Outbound> Clients::find(romp_conn_id id, std::uint64_t* epoch) const {
  const std::lock_guard lock(mutex_);
  const auto it = entries_.find(id);
  if (it == entries_.end() || it->second.closing) return nullptr;
  if (epoch != nullptr) *epoch = it->second.epoch;
  return it->second.outbound;
}

romp_status Clients::send(romp_conn_id id, const Outgoing& frame) {
  std::uint64_t epoch = 0;
  const auto outbound = find(id, &epoch);
  if (!outbound) return ROMP_E_GONE;
  return epoch == 0 ? ROMP_E_STATE : outbound->send(epoch, frame);
}

romp_status Clients::submit(romp_conn_id id, std::string_view client, const Outgoing& frame) {
  const auto outbound = find(id);
  return outbound ? outbound->submit(client, frame) : ROMP_E_GONE;
}

romp_status Clients::hold(romp_conn_id id, bool on) {
  const auto outbound = find(id);
  if (!outbound) return ROMP_E_GONE;
  outbound->hold(Outbound::Reason::plugin, on);
  return ROMP_OK;
}

romp_status Clients::restart(romp_conn_id id, std::string_view why) {
  const auto outbound = find(id);
  if (!outbound) return ROMP_E_GONE;
  outbound->restart(why);
  return ROMP_OK;
}

romp_status Clients::close(romp_conn_id id) {
  const auto outbound = find(id);
  if (!outbound) return ROMP_E_GONE;
  {
    const std::lock_guard lock(mutex_);
    entries_[id].closing = true;
  }
  outbound->close();
  wake(id);
  return ROMP_OK;
}

romp_status Clients::status(romp_conn_id id, romp_client_status& out) {
  const auto outbound = find(id);
  if (!outbound) return ROMP_E_GONE;
  out = outbound->status();
  return ROMP_OK;
}

std::vector<std::pair<romp_conn_id, romp_client_status>> Clients::all() const {
  std::vector<std::pair<romp_conn_id, std::shared_ptr<Outbound>>> known;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, entry] : entries_) {
      if (entry.outbound) known.emplace_back(id, entry.outbound);
    }
  }
  std::vector<std::pair<romp_conn_id, romp_client_status>> rows;
  for (const auto& [id, outbound] : known) rows.emplace_back(id, outbound->status());
  return rows;
}

// ---- what has come ----------------------------------------------------------------------------

void Clients::put(romp_conn_id id, Arrived arrived) {
  std::shared_ptr<Outbound> to_hold;
  {
    const std::lock_guard lock(mutex_);
    const auto it = entries_.find(id);
    if (it == entries_.end() || it->second.closing) return;
    auto& entry = it->second;
    entry.waiting_octets += size_of(arrived);
    entry.waiting.push_back(std::move(arrived));
    if (entry.waiting_octets > mark && !std::exchange(entry.held, true)) to_hold = entry.outbound;
  }
  if (to_hold) to_hold->hold(Outbound::Reason::queue, true);
  wake(id);
}

void Clients::wake(romp_conn_id id) {
  {
    const std::lock_guard lock(mutex_);
    const auto it = entries_.find(id);
    if (it == entries_.end() || std::exchange(it->second.scheduled, true)) return;
  }
  auto turn = std::make_unique<Turn>(Turn{shared_from_this(), id});
  if (tasks_->post_own({run_turn, turn.get()}) == ROMP_OK) (void)turn.release();
}

void Clients::run_turn(void* arg, romp_status status) {
  const std::unique_ptr<Turn> turn(static_cast<Turn*>(arg));
  if (status == ROMP_OK) turn->owner->turn(turn->id);
}

void Clients::turn(romp_conn_id id) {
  {
    const std::lock_guard lock(mutex_);
    const auto it = entries_.find(id);
    if (it != entries_.end()) it->second.scheduled = false;
  }
  Callbacks callbacks;
  Arrived arrived;
  for (std::size_t given = 0; given < frames_a_turn; ++given) {
    if (end(id) || !take(id, callbacks, arrived)) return;
    try {
      given += give(id, callbacks, arrived);
    } catch (...) {
      wake(id);  // what is behind it is still to be given
      throw;
    }
  }
  wake(id);
}

/// False: there is nothing to tell.
bool Clients::take(romp_conn_id id, Callbacks& callbacks, Arrived& arrived) {
  std::shared_ptr<Outbound> to_go_on;
  {
    const std::lock_guard lock(mutex_);
    const auto it = entries_.find(id);
    if (it == entries_.end() || !it->second.outbound || it->second.waiting.empty()) return false;
    auto& entry = it->second;
    callbacks = entry.callbacks;
    arrived = std::move(entry.waiting.front());
    entry.waiting.pop_front();
    entry.waiting_octets -= size_of(arrived);
    if (arrived.kind == Kind::up) entry.epoch = arrived.epoch;
    if (arrived.kind == Kind::down) entry.epoch = 0;
    if (entry.waiting_octets < mark / 2 && std::exchange(entry.held, false)) {
      to_go_on = entry.outbound;
    }
  }
  if (to_go_on) to_go_on->hold(Outbound::Reason::queue, false);
  return true;
}

/// Returns how many frames that were. Whatever the plugin throws, it gets them all.
std::size_t Clients::give(romp_conn_id id, const Callbacks& to, const Arrived& arrived) {
  if (arrived.kind == Kind::down) {
    if (to.on_down != nullptr) to.on_down(to.user, id, arrived.why, str(arrived.text));
    return 1;
  }
  std::exception_ptr thrown;
  std::vector<romp_header> views;
  for (const auto& item : arrived.frames->items) {
    if (!is_open(id)) break;
    try {
      call(to, id, arrived, shown(*arrived.frames, item, views));
    } catch (...) {
      thrown = std::current_exception();
    }
  }
  if (thrown) std::rethrow_exception(thrown);
  return arrived.frames->items.size();
}

bool Clients::is_open(romp_conn_id id) const {
  const std::lock_guard lock(mutex_);
  const auto it = entries_.find(id);
  return it != entries_.end() && !it->second.closing;
}

/// Ends it where the plugin has asked for that.
bool Clients::end(romp_conn_id id) {
  Callbacks callbacks;
  {
    const std::lock_guard lock(mutex_);
    const auto it = entries_.find(id);
    if (it == entries_.end() || !it->second.closing) return false;
    callbacks = it->second.callbacks;
    entries_.erase(it);
  }
  if (callbacks.on_closed != nullptr) callbacks.on_closed(callbacks.user, id);
  return true;
}

// ---- the end ----------------------------------------------------------------------------------

void Clients::pause() {
  const std::lock_guard lock(mutex_);
  paused_ = true;
}

void Clients::finish(const std::function<void(const std::function<void()>&)>& run) {
  std::map<romp_conn_id, Entry> rest;
  {
    const std::lock_guard lock(mutex_);
    paused_ = true;
    rest.swap(entries_);
  }
  for (const auto& one : rest) {
    if (one.second.outbound) one.second.outbound->close();
    const auto& callbacks = one.second.callbacks;
    if (callbacks.on_closed == nullptr) continue;
    run([&] { callbacks.on_closed(callbacks.user, one.first); });
  }
}

}  // namespace romp::plugin
