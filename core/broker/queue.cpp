// SPDX-License-Identifier: Apache-2.0
#include "broker/queue.hpp"

#include <algorithm>

namespace romp::broker {
namespace {

constexpr std::size_t given_in_one_go = 64;

}  // namespace

/// In a full queue a message may still go to a subscription in automatic mode: it is not kept then.
Published Queue::accept(const MessagePtr& message, Waiter* waiter, Admission how) {
  message->place = place_.number;
  message->sequence = ++last_sequence_;
  const bool room = how == Admission::always || !full();
  bool taken = offer(message, room);
  if (!taken && !room) {
    if (!make_room(waiter)) return Published::waits;
    taken = offer(message, true);
  }
  if (!taken) keep(message, 0);
  ++counts_.published;
  return Published::accepted;
}

/// A new message must not overtake those that wait, where a session has room again and has not
/// called `resume` yet.
bool Queue::is_behind(const Subscription& subscription) const noexcept {
  return !waiting_.empty() && subscription.looked_until_ < waiting_.back().sequence();
}

/// Gives a new message to whose turn it is, among those with credit that want it.
bool Queue::offer(const MessagePtr& message, bool may_hold) {
  if (nobody_can_take_) return false;
  bool credit_seen = false;
  const std::size_t count = subscriptions_.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (turn_ >= count) turn_ = 0;
    Subscription& candidate = *subscriptions_[turn_++];
    if (candidate.has_credit() && is_behind(candidate)) give_waiting(candidate);
    if (!candidate.has_credit() || is_behind(candidate)) continue;
    credit_seen = true;
    if (!wants(candidate, *message)) {
      candidate.looked_until_ = message->sequence;
    } else if ((may_hold || !candidate.holds_what_it_gets()) && hand(candidate, message, 0)) {
      return true;
    }
  }
  nobody_can_take_ = !credit_seen;
  return false;
}

bool Queue::hand(Subscription& subscription, const MessagePtr& message, std::uint32_t attempts) {
  if (!subscription.deliver(message, attempts)) return false;
  ++counts_.delivered;
  if (!subscription.holds_what_it_gets()) return true;
  ++subscription.in_flight_;
  ++counts_.in_flight;
  place_.memory->take(message->footprint());
  return true;
}

/// Gives a subscription what waits for it, as far as its credit goes. Returns how many.
std::size_t Queue::give_waiting(Subscription& subscription, std::size_t most) {
  nobody_can_take_ = false;
  if (waiting_.empty() || !subscription.has_credit()) return 0;
  const std::int64_t now = base::unix_ms();
  std::size_t given = 0;
  auto at = waiting_.begin();
  if (at->sequence() <= subscription.looked_until_) {
    at = std::ranges::upper_bound(waiting_, subscription.looked_until_, {}, &Waiting::sequence);
  }
  while (at != waiting_.end() && given < most && subscription.has_credit()) {
    const Message& message = *at->message;
    if (message.expired(now)) {
      ++counts_.expired;
    } else if (!wants(subscription, message)) {
      subscription.looked_until_ = message.sequence;
      ++at;
      continue;
    } else if (hand(subscription, at->message, at->attempts)) {
      ++given;
    } else {
      break;
    }
    released(message);
    at = waiting_.erase(at);
  }
  return given;
}

/// Gives what waits to all who can take it, one message each in turn.
void Queue::give_in_turn() {
  const std::size_t count = subscriptions_.size();
  std::size_t idle = 0;
  while (idle < count && !waiting_.empty()) {
    if (turn_ >= count) turn_ = 0;
    idle = give_waiting(*subscriptions_[turn_++], 1) != 0 ? 0 : idle + 1;
  }
  nobody_can_take_ = false;
}

void Queue::settle(Subscription& subscription, std::span<const Unsettled> done) {
  locked([&] {
    for (const auto& one : done) no_longer_in_flight(subscription, *one.message);
    give_waiting(subscription);
  });
}

std::vector<MessagePtr> Queue::give_back(Subscription& subscription,
                                         std::vector<Unsettled> unsettled, bool requeue) {
  std::vector<MessagePtr> dead;
  locked([&] { take_back(subscription, unsettled, requeue, dead); });
  return dead;
}

/// In several goes, since whoever publishes meanwhile waits for the lock.
void Queue::resume(Subscription& subscription) {
  std::size_t given = 0;
  do {
    locked([&] { given = give_waiting(subscription, given_in_one_go); });
  } while (given == given_in_one_go);
}

void Queue::added(Subscription& subscription) {
  subscription.subscribed_ = true;
  give_waiting(subscription);
}

void Queue::removed(Subscription& subscription, std::vector<Unsettled>& unsettled,
                    std::vector<MessagePtr>& dead) {
  subscription.subscribed_ = false;
  take_back(subscription, unsettled, true, dead);
}

/// Puts deliveries back to their places and offers them to whoever has credit.
void Queue::take_back(Subscription& subscription, std::vector<Unsettled>& unsettled, bool requeue,
                      std::vector<MessagePtr>& dead) {
  const auto limit = settings().max_deliveries;
  for (auto& one : unsettled) {
    no_longer_in_flight(subscription, *one.message);
    if (!requeue || (limit != 0 && one.attempts >= limit)) {
      ++counts_.dead_lettered;
      dead.push_back(std::move(one.message));
    } else if (!closed_) {
      put_back(one);
    }
  }
  give_in_turn();
}

void Queue::no_longer_in_flight(Subscription& subscription, const Message& message) noexcept {
  if (!subscription.holds_what_it_gets()) return;
  --subscription.in_flight_;
  --counts_.in_flight;
  released(message);
}

void Queue::keep(const MessagePtr& message, std::uint32_t attempts) {
  auto at = waiting_.end();
  if (!waiting_.empty() && waiting_.back().sequence() > message->sequence) {
    at = std::ranges::upper_bound(waiting_, message->sequence, {}, &Waiting::sequence);
  }
  waiting_.insert(at, {message, attempts});
  place_.memory->take(message->footprint());
  if (message->expires != 0) next_expiry_ = std::min(next_expiry_, message->expires);
}

void Queue::put_back(Unsettled& one) {
  keep(one.message, one.attempts);
  for (const auto& s : subscriptions_) {
    if (s->looked_until_ >= one.message->sequence && wants(*s, *one.message)) {
      s->looked_until_ = one.message->sequence - 1;
    }
  }
}

void Queue::released(const Message& message) noexcept { place_.memory->give(message.footprint()); }

bool Queue::drop_oldest() {
  if (waiting_.empty()) return false;
  released(*waiting_.front().message);
  waiting_.pop_front();
  return true;
}

std::size_t Queue::drop_expired(std::int64_t now_ms) {
  if (now_ms < next_expiry_) return 0;
  next_expiry_ = std::numeric_limits<std::int64_t>::max();
  return std::erase_if(waiting_, [&](const Waiting& one) {
    const bool expired = one.message->expired(now_ms);
    if (expired) {
      released(*one.message);
    } else if (one.message->expires != 0) {
      next_expiry_ = std::min(next_expiry_, one.message->expires);
    }
    return expired;
  });
}

std::size_t Queue::drop_waiting() {
  const std::size_t gone = waiting_.size();
  for (const auto& one : waiting_) released(*one.message);
  waiting_.clear();
  return gone;
}

}  // namespace romp::broker
