// SPDX-License-Identifier: Apache-2.0
#include "broker/shared_queue.hpp"

#include <algorithm>

namespace romp::broker {

std::vector<SharedQueue::Share>::iterator SharedQueue::Kept::share_of(
    const Subscription& subscription) noexcept {
  return std::ranges::find(shares, subscription.number_, &Share::holder);
}

void SharedQueue::Kept::close() noexcept {
  needed = shares.size();
  returned.clear();
}

bool SharedQueue::Kept::was_given_to(const Subscription& subscription) const noexcept {
  return std::ranges::find(shares, subscription.number_, &Share::holder) != shares.end();
}

Published SharedQueue::accept(const MessagePtr& message, Waiter* waiter, Admission how) {
  if (how == Admission::limited && full() && !make_room(waiter)) return Published::waits;
  message->place = place_.number;
  message->sequence = ++last_sequence_;
  ++counts_.published;
  place_.memory->take(message->footprint());
  kept_.push_back({message, settings().min_delivery, 0, {}, {}});
  const std::size_t count = subscriptions_.size();
  const auto is_wanted = [&] {
    return !kept_.empty() && kept_.back().message == message && kept_.back().is_open();
  };
  for (std::size_t i = 0; i < count && is_wanted(); ++i) {
    if (turn_ >= count) turn_ = 0;
    give_waiting(*subscriptions_[turn_++]);
  }
  return Published::accepted;
}

/// Gives a subscription what waits for it, as far as its credit goes. Returns how many.
std::size_t SharedQueue::give_waiting(Subscription& subscription, std::size_t most) {
  if (kept_.empty() || !subscription.has_credit()) return 0;
  const std::int64_t now = base::unix_ms();
  std::size_t given = 0;
  auto at = std::ranges::upper_bound(kept_, subscription.looked_until_, {}, &Kept::sequence);
  while (at != kept_.end() && given < most && subscription.has_credit()) {
    const std::uint64_t sequence = at->sequence();
    if (at->is_open() && at->message->expired(now)) {
      ++counts_.expired;
      at->close();
      at = at->is_done() ? erase(at) : at + 1;
    } else if (at->is_open() && !at->was_given_to(subscription) &&
               wants(subscription, *at->message)) {
      if (!hand(subscription, *at)) break;
      ++given;
      at = at->is_done() ? erase(at) : at + 1;
    } else {
      ++at;
    }
    subscription.looked_until_ = sequence;
  }
  return given;
}

bool SharedQueue::hand(Subscription& subscription, Kept& kept) {
  const std::uint32_t attempts = kept.returned.empty() ? 0 : kept.returned.back();
  if (!subscription.deliver(kept.message, attempts)) return false;
  if (!kept.returned.empty()) kept.returned.pop_back();
  ++counts_.delivered;
  const bool settled = !subscription.holds_what_it_gets();
  kept.shares.push_back({subscription.number_, settled});
  if (settled) {
    ++kept.settled;
  } else {
    ++subscription.in_flight_;
    ++counts_.in_flight;
  }
  return true;
}

/// Gives what waits to all who can take it, one message each in turn; to `last` what the others
/// left.
void SharedQueue::give_in_turn(const Subscription* last) {
  const std::size_t count = subscriptions_.size();
  std::size_t idle = 0;
  while (idle < count) {
    if (turn_ >= count) turn_ = 0;
    Subscription& next = *subscriptions_[turn_++];
    idle = &next != last && give_waiting(next, 1) != 0 ? 0 : idle + 1;
  }
}

void SharedQueue::settle(Subscription& subscription, std::span<const Unsettled> done) {
  locked([&] {
    for (const auto& one : done) settle_one(subscription, *one.message);
    give_waiting(subscription);
  });
}

void SharedQueue::settle_one(Subscription& subscription, const Message& message) {
  no_longer_in_flight(subscription);
  const auto at = find(message);
  if (at == kept_.end()) return;
  const auto share = at->share_of(subscription);
  if (share == at->shares.end() || share->settled) return;
  share->settled = true;
  ++at->settled;
  if (at->is_done()) erase(at);
}

std::vector<MessagePtr> SharedQueue::give_back(Subscription& subscription,
                                               std::vector<Unsettled> unsettled, bool requeue) {
  std::vector<MessagePtr> dead;
  locked([&] { take_back(subscription, unsettled, requeue, dead); });
  return dead;
}

void SharedQueue::resume(Subscription& subscription) {
  locked([&] { give_waiting(subscription); });
}

void SharedQueue::added(Subscription& subscription) {
  subscription.subscribed_ = true;
  subscription.number_ = ++last_number_;
  give_waiting(subscription);
}

void SharedQueue::removed(Subscription& subscription, std::vector<Unsettled>& unsettled,
                          std::vector<MessagePtr>& dead) {
  subscription.subscribed_ = false;
  take_back(subscription, unsettled, true, dead);
}

/// A delivery that goes to the dead-letter queue counts as settled: the others are not touched.
void SharedQueue::take_back(Subscription& subscription, std::vector<Unsettled>& unsettled,
                            bool requeue, std::vector<MessagePtr>& dead) {
  const auto limit = settings().max_deliveries;
  for (auto& one : unsettled) {
    const bool is_dead = !requeue || (limit != 0 && one.attempts >= limit);
    if (!is_dead && !closed_) {
      no_longer_in_flight(subscription);
      put_back(subscription, one);
      continue;
    }
    settle_one(subscription, *one.message);
    if (!is_dead) continue;
    ++counts_.dead_lettered;
    dead.push_back(std::move(one.message));
  }
  give_in_turn(&subscription);
  give_waiting(subscription);
}

void SharedQueue::no_longer_in_flight(Subscription& subscription) noexcept {
  if (!subscription.holds_what_it_gets()) return;
  --subscription.in_flight_;
  --counts_.in_flight;
}

void SharedQueue::put_back(Subscription& subscription, const Unsettled& one) {
  auto at = find(*one.message);
  if (at == kept_.end()) at = keep_again(one.message);
  std::uint32_t attempts = one.attempts;
  if (const auto share = at->share_of(subscription); share != at->shares.end()) {
    if (share->settled) --at->settled;
    at->shares.erase(share);
  } else {
    ++at->needed;
    attempts = std::max(attempts, 1U);  // nobody knows any more who had it
  }
  at->returned.push_back(attempts);
  look_again(*one.message);
}

/// For a delivery in automatic mode that comes back after its message has left.
SharedQueue::KeptAt SharedQueue::keep_again(const MessagePtr& message) {
  place_.memory->take(message->footprint());
  const auto at = std::ranges::upper_bound(kept_, message->sequence, {}, &Kept::sequence);
  return kept_.insert(at, {message, 0, 0, {}, {}});
}

void SharedQueue::look_again(const Message& message) {
  for (const auto& s : subscriptions_) {
    if (s->looked_until_ >= message.sequence && wants(*s, message)) {
      s->looked_until_ = message.sequence - 1;
    }
  }
}

SharedQueue::KeptAt SharedQueue::find(const Message& message) {
  const auto at = std::ranges::lower_bound(kept_, message.sequence, {}, &Kept::sequence);
  return at != kept_.end() && at->message.get() == &message ? at : kept_.end();
}

SharedQueue::KeptAt SharedQueue::erase(KeptAt at) {
  place_.memory->give(at->message->footprint());
  return kept_.erase(at);
}

std::size_t SharedQueue::waiting() const {
  return static_cast<std::size_t>(std::ranges::count_if(kept_, &Kept::is_open));
}

bool SharedQueue::drop_oldest() {
  const auto nobody_has_it = [](const Kept& kept) { return kept.settled == kept.shares.size(); };
  const auto at = std::ranges::find_if(kept_, nobody_has_it);
  if (at == kept_.end()) return false;
  erase(at);
  return true;
}

template <class F>
std::size_t SharedQueue::close_where(F chosen) {
  std::size_t gone = 0;
  for (auto& kept : kept_) {
    if (!kept.is_open() || !chosen(*kept.message)) continue;
    kept.close();
    ++gone;
    if (kept.is_done()) place_.memory->give(kept.message->footprint());
  }
  std::erase_if(kept_, [](const Kept& kept) { return kept.is_done(); });
  return gone;
}

std::size_t SharedQueue::drop_expired(std::int64_t now_ms) {
  return close_where([&](const Message& message) { return message.expired(now_ms); });
}

std::size_t SharedQueue::drop_waiting() {
  return close_where([](const Message&) { return true; });
}

}  // namespace romp::broker
