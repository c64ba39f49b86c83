// SPDX-License-Identifier: Apache-2.0
#include "broker/destination.hpp"

#include <algorithm>
#include <utility>

#include "broker/refused.hpp"

namespace romp::broker {

Destination::Destination(Place place) : place_(std::move(place)), live_(place_.settings) {}

Published Destination::publish(const MessagePtr& message, Waiter* waiter, Admission how) {
  refuse_too_large(*message);
  const bool expired = expired_on_arrival(*message);
  auto outcome = Published::gone;
  locked([&] {
    if (closed_) return;
    if (!expired) {
      outcome = accept(message, waiter, how);
      return;
    }
    ++counts_.published;
    ++counts_.expired;
    outcome = Published::accepted;
  });
  return outcome;
}

void Destination::refuse_too_large(const Message& message) {
  const std::size_t size = message.body().size();
  const std::size_t limit = live().max_message_size;
  if (limit == 0 || size <= limit) return;
  locked([&] { ++counts_.refused; });
  throw Refused(Refused::Why::too_large, "message too large",
                "the body has " + std::to_string(size) + " octets, " + name() + " takes " +
                    std::to_string(limit));
}

/// Also gives the message the destination's expiry where it has none of its own.
bool Destination::expired_on_arrival(Message& message) const {
  const auto expiry = live().expiry_ms.load();
  if (message.expires == 0 && expiry == 0) return false;
  const std::int64_t now = base::unix_ms();
  if (message.expires == 0) message.expires = now + expiry;
  return message.expired(now);
}

bool Destination::full() const {
  return held() >= live().max_messages || place_.memory->exhausted();
}

bool Destination::make_room(Waiter* waiter) {
  switch (settings().on_full) {
    case config::OnFull::drop_oldest:
      if (!drop_oldest()) break;
      ++counts_.dropped;
      return true;
    case config::OnFull::block:
      if (waiter == nullptr) break;
      waiters_.emplace_back(waiter);
      return false;
    case config::OnFull::reject:
      break;
  }
  refuse_full();
}

void Destination::refuse_full() {
  ++counts_.refused;
  throw Refused(Refused::Why::full, "destination full",
                name() + " holds its limit of " + std::to_string(live().max_messages) +
                    " messages, or the broker its limit of memory");
}

/// Waiters are told when a quarter has become free, not for every message: each of them would send
/// one and wait again.
bool Destination::much_room() const {
  const std::size_t most = live().max_messages;
  return held() <= most - std::min(most, std::max<std::size_t>(1, most / 4)) &&
         !place_.memory->exhausted();
}

void Destination::tell(const std::vector<WaiterPtr>& waiters) {
  for (const auto& waiter : waiters) waiter->on_room();
}

Observer* Destination::observer() const noexcept {
  return place_.observer == nullptr ? nullptr : place_.observer->load(std::memory_order_acquire);
}

void Destination::stop_waiting(const Waiter& waiter) {
  const std::lock_guard lock(mutex_);
  std::erase_if(waiters_, [&](const WaiterPtr& w) { return w.get() == &waiter; });
}

bool Destination::subscribe(const SubscriptionPtr& subscription) {
  bool open = false;
  locked([&] {
    if (closed_) return;
    open = true;
    replace_older(*subscription);
    if (subscriptions_.size() >= live().max_connections) {
      throw Refused(Refused::Why::limit, "too many subscriptions",
                    name() + " has its limit of " + std::to_string(live().max_connections) +
                        " subscriptions");
    }
    subscriptions_.push_back(subscription);
    if (auto* hears = observer(); hears != nullptr && subscriptions_.size() == 1) {
      hears->on_first_subscription(*this);
    }
    last_use_ = base::Clock::now();
    added(*subscription);
  });
  return open;
}

/// What an older subscription of the same user has in flight comes back when its session ends it.
void Destination::replace_older(const Subscription& subscription) {
  const std::string& user = subscription.terms().user;
  if (!settings().sub_by_user || user.empty()) return;
  const auto is_older = [&](const SubscriptionPtr& s) { return s->terms().user == user; };
  const auto at = std::ranges::find_if(subscriptions_, is_older);
  if (at == subscriptions_.end()) return;
  const SubscriptionPtr older = *at;
  subscriptions_.erase(at);
  older->evict("a newer subscription of the same user took its place");
  std::vector<Unsettled> nothing;
  std::vector<MessagePtr> dead;
  removed(*older, nothing, dead);
}

std::vector<MessagePtr> Destination::unsubscribe(Subscription& subscription,
                                                 std::vector<Unsettled> unsettled) {
  std::vector<MessagePtr> dead;
  locked([&] {
    const auto gone =
        std::erase_if(subscriptions_, [&](const auto& s) { return s.get() == &subscription; });
    if (auto* hears = observer(); hears != nullptr && gone != 0 && subscriptions_.empty()) {
      hears->on_last_subscription_gone(*this);
    }
    last_use_ = base::Clock::now();
    removed(subscription, unsettled, dead);
  });
  return dead;
}

std::size_t Destination::sweep(std::int64_t now_ms) {
  std::size_t gone = 0;
  std::vector<WaiterPtr> told;
  {
    const std::lock_guard lock(mutex_);
    gone = drop_expired(now_ms);
    counts_.expired += gone;
    const auto dropped = counts_.dropped - std::exchange(dropped_at_last_look_, counts_.dropped);
    if (auto* hears = observer(); hears != nullptr && dropped != 0) {
      hears->on_dropped(*this, dropped);
    }
    if (!waiters_.empty() && !full()) told.swap(waiters_);
  }
  tell(told);
  return gone;
}

void Destination::reconfigure(const config::DestinationSettings& settings) {
  locked([&] { live_.set(settings); });
}

std::size_t Destination::purge() {
  std::size_t gone = 0;
  locked([&] { gone = drop_waiting(); });
  return gone;
}

std::optional<unsigned> Destination::worker_of_all() const {
  const std::lock_guard lock(mutex_);
  if (subscriptions_.empty()) return std::nullopt;
  const auto first = subscriptions_.front()->worker();
  const auto is_there = [&](const SubscriptionPtr& s) { return s->worker() == first; };
  return std::ranges::all_of(subscriptions_, is_there) ? first : std::nullopt;
}

bool Destination::close_if_idle(base::Time limit) {
  const std::lock_guard lock(mutex_);
  if (!place_.on_demand || place_.owner != 0) return false;
  if (counts_.published != published_at_last_look_) {
    published_at_last_look_ = counts_.published;
    last_use_ = base::Clock::now();
  }
  const auto by_pattern = [](const SubscriptionPtr& s) { return s->terms().by_pattern; };
  if (!std::ranges::all_of(subscriptions_, by_pattern)) return false;
  if (last_use_ > limit || !waiters_.empty() || held() != 0) return false;
  closed_ = true;
  subscriptions_.clear();
  return true;
}

void Destination::close() {
  std::vector<WaiterPtr> told;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    told.swap(waiters_);
    for (const auto& s : subscriptions_) s->evict("its destination was deleted");
    subscriptions_.clear();
    drop_waiting();
  }
  tell(told);
}

Counts Destination::counts() const {
  const std::lock_guard lock(mutex_);
  Counts now = counts_;
  now.waiting = waiting();
  now.subscriptions = subscriptions_.size();
  now.blocked = waiters_.size();
  return now;
}

}  // namespace romp::broker
