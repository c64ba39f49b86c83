// SPDX-License-Identifier: Apache-2.0
#include "broker/broker.hpp"

#include <algorithm>
#include <mutex>

#include "broker/queue.hpp"
#include "broker/refused.hpp"
#include "broker/shared_queue.hpp"
#include "broker/topic.hpp"
#include "config/options.hpp"

namespace romp::broker {
namespace {

using config::DestinationType;

constexpr std::string_view temporary = "/temp-queue/";

std::string base36(std::uint64_t number) {
  std::string text;
  do {
    text.insert(text.begin(), "0123456789abcdefghijklmnopqrstuvwxyz"[number % 36]);
    number /= 36;
  } while (number != 0);
  return text;
}

void refuse_bad_name(std::string_view name) {
  if (const auto why = why_bad_name(name); !why.empty()) {
    throw Refused(Refused::Why::bad_name, "bad destination",
                  "a destination cannot have this name: " + std::string(why));
  }
}

}  // namespace

Broker::Broker(const config::Settings& settings)
    : settings_(settings),
      memory_(settings.max_memory),
      boot_(base36(static_cast<std::uint64_t>(base::unix_ms()) / 10)) {
  for (const auto& declared : settings_.destinations) {
    if (!declared.name.ends_with('*')) make(declared.name, false, 0);
  }
}

DestinationPtr Broker::find(std::string_view name) {
  if (auto existing = find_existing(name)) return existing;
  refuse_bad_name(name);
  if (!may_create(name)) {
    throw Refused(Refused::Why::unknown, "destination unknown",
                  "there is no destination \"" + std::string(name.substr(0, 256)) +
                      "\", and none of this name is made on demand");
  }
  return make(name, true, 0);
}

DestinationPtr Broker::find_existing(std::string_view name) const {
  const std::shared_lock lock(mutex_);
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second;
}

DestinationPtr Broker::make_temporary(std::string_view name, std::uint64_t owner) {
  refuse_bad_name(name);
  auto queue = make(name, true, owner);
  if (queue->owner() != owner) {
    throw Refused(Refused::Why::not_allowed, "destination belongs to another session",
                  "only the session that made it may subscribe to " + std::string(name));
  }
  return queue;
}

DestinationPtr Broker::make(std::string_view name, bool on_demand, std::uint64_t owner) {
  const std::unique_lock lock(mutex_);
  if (const auto found = by_name_.find(name); found != by_name_.end()) return found->second;
  if (on_demand && by_name_.size() >= settings_.max_destinations) {
    throw Refused(Refused::Why::limit, "too many destinations",
                  "the broker has its limit of " + std::to_string(settings_.max_destinations) +
                      " destinations");
  }
  auto destination = make_object(
      {std::string(name), settings_for(name), ++made_, on_demand, owner, &memory_, &observer_});
  by_name_.emplace(name, destination);
  if (auto* hears = observer_.load()) hears->on_created(*destination);
  join_patterns(*destination);
  return destination;
}

DestinationPtr Broker::make_object(Destination::Place place) const {
  if (place.settings.type == DestinationType::topic) return new Topic(std::move(place));
  if (place.settings.min_delivery >= 2) return new SharedQueue(std::move(place));
  return new Queue(std::move(place));
}

config::DestinationSettings Broker::settings_for(std::string_view name) const {
  auto settings = declared_for(name);
  if (name.starts_with(temporary)) settings.type = DestinationType::queue;
  if (settings.max_message_size == 0) settings.max_message_size = settings_.max_message_size;
  return settings;
}

/// The section of that name, else the one with the longest matching pattern, else the defaults.
config::DestinationSettings Broker::declared_for(std::string_view name) const {
  const config::DestinationSettings* best = nullptr;
  for (const auto& declared : settings_.destinations) {
    if (declared.name == name) return declared;
    if (glob_matches(declared.name, name) &&
        (best == nullptr || declared.name.size() > best->name.size())) {
      best = &declared;
    }
  }
  if (best != nullptr) return *best;
  auto settings = settings_.destination_defaults;
  settings.type = config::type_by_name(name);
  return settings;
}

bool Broker::may_create(std::string_view name) const {
  if (Pattern::is_pattern(name) || name.starts_with(temporary)) return false;
  return std::ranges::any_of(settings_.auto_create,
                             [&](const std::string& glob) { return glob_matches(glob, name); });
}

bool Broker::PatternSubscription::takes(const Destination& destination) const {
  const auto& rules = destination.settings();
  if (destination.is_queue()) return false;
  if (destination.live().blocks_reader(subscription->terms().from_web)) return false;
  if (subscription->terms().selector && !rules.filter) return false;
  const auto& audience = subscription->terms().audience;
  return pattern.matches(destination.name()) &&
         (!audience || audience->may_hear(destination.name()));
}

/// With the lock held, so that no message comes before those who wait for it.
void Broker::join_patterns(Destination& destination) {
  for (const auto& p : patterns_) {
    if (!p.takes(destination)) continue;
    try {
      destination.subscribe(p.subscription);
    } catch (const Refused&) {  // whoever made the topic is not to blame
      p.subscription->evict("a new topic that it matches takes no more subscriptions");
    }
  }
}

/// A topic that is deleted does not end those who asked for a pattern.
void Broker::leave_patterns(Destination& destination) {
  for (const auto& p : patterns_) {
    if (p.takes(destination)) (void)destination.unsubscribe(*p.subscription, {});
  }
}

void Broker::subscribe_pattern(const Pattern& pattern, const SubscriptionPtr& subscription) {
  try {
    const std::unique_lock lock(mutex_);
    const auto& one = patterns_.emplace_back(PatternSubscription{pattern, subscription});
    for (const auto& [name, destination] : by_name_) {
      if (one.takes(*destination)) destination->subscribe(subscription);
    }
  } catch (const Refused&) {
    unsubscribe_pattern(*subscription);
    throw;
  }
}

void Broker::unsubscribe_pattern(Subscription& subscription) {
  std::vector<DestinationPtr> matching;
  {
    const std::unique_lock lock(mutex_);
    const auto is_it = [&](const auto& p) { return p.subscription.get() == &subscription; };
    const auto at = std::ranges::find_if(patterns_, is_it);
    if (at == patterns_.end()) return;
    for (const auto& [name, destination] : by_name_) {
      if (at->takes(*destination)) matching.push_back(destination);
    }
    patterns_.erase(at);
  }
  for (const auto& destination : matching) (void)destination->unsubscribe(subscription, {});
}

void Broker::remove(std::string_view name) {
  DestinationPtr destination;
  {
    const std::unique_lock lock(mutex_);
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) return;
    destination = found->second;
    by_name_.erase(found);
    leave_patterns(*destination);
    if (auto* hears = observer_.load()) hears->on_deleted(*destination);
  }
  destination->close();
}

bool Broker::publish_now(std::string_view name, const MessagePtr& message) {
  try {
    while (find(name)->publish(message, nullptr) == Published::gone) {
    }
    return true;
  } catch (const Refused&) {
    return false;
  }
}

void Broker::sweep() {
  const auto now_ms = base::unix_ms();
  for (const auto& destination : all()) destination->sweep(now_ms);
  if (settings_.auto_delete.count() == 0) return;
  const auto limit = base::Clock::now() - settings_.auto_delete;
  const std::unique_lock lock(mutex_);
  std::erase_if(by_name_, [&](const auto& entry) {
    if (!entry.second->close_if_idle(limit)) return false;
    if (auto* hears = observer_.load()) hears->on_deleted(*entry.second);
    return true;
  });
}

std::vector<DestinationPtr> Broker::all() const {
  const std::shared_lock lock(mutex_);
  std::vector<DestinationPtr> list;
  list.reserve(by_name_.size());
  for (const auto& [name, destination] : by_name_) list.push_back(destination);
  return list;
}

}  // namespace romp::broker
