// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "broker/destination.hpp"
#include "broker/memory.hpp"
#include "broker/pattern.hpp"
#include "config/settings.hpp"

namespace romp::broker {

/// All destinations by name: declared ones, and those made on demand. Any thread.
class Broker {
 public:
  explicit Broker(const config::Settings& settings);

  /// Who hears what becomes of destinations; null: nobody. Outlives the broker's use.
  void set_observer(Observer* observer) noexcept { observer_.store(observer); }

  /// The destination of that name; made on demand where `auto_create` allows it.
  /// Throws Refused: unknown, bad name, too many.
  DestinationPtr find(std::string_view name);
  /// The same, null where there is none; makes nothing.
  DestinationPtr find_existing(std::string_view name) const;

  /// Would find() make it on demand?
  bool may_create(std::string_view name) const;

  /// A queue that only `owner` may subscribe to; deleted by `remove`. Throws Refused where the name
  /// is bad or somebody else's.
  DestinationPtr make_temporary(std::string_view name, std::uint64_t owner);

  /// Subscribes to every topic that the pattern matches, now and later. Throws Refused when one of
  /// them takes no more subscriptions; where that happens later, the subscription is evicted.
  void subscribe_pattern(const Pattern& pattern, const SubscriptionPtr& subscription);
  void unsubscribe_pattern(Subscription& subscription);

  /// Deletes a destination, whatever is in it.
  void remove(std::string_view name);

  /// Publishes past all waiting: a full destination refuses. False where it cannot be found or
  /// made.
  bool publish_now(std::string_view destination, const MessagePtr& message);

  /// Drops expired messages, and destinations made on demand that nobody used for a while; tells
  /// those who wait for memory. To be called about once a second.
  void sweep();

  std::vector<DestinationPtr> all() const;
  Memory& memory() noexcept { return memory_; }

  /// Differs from that of the process before; message ids begin with it. [a-z0-9]
  const std::string& boot() const noexcept { return boot_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const noexcept {
      return std::hash<std::string_view>{}(s);
    }
  };
  struct PatternSubscription {
    Pattern pattern;
    SubscriptionPtr subscription;
    /// Topics that it matches, and may be subscribed to in this way.
    bool takes(const Destination& destination) const;
  };

  DestinationPtr make(std::string_view name, bool on_demand, std::uint64_t owner);
  DestinationPtr make_object(Destination::Place place) const;
  config::DestinationSettings settings_for(std::string_view name) const;
  config::DestinationSettings declared_for(std::string_view name) const;
  void join_patterns(Destination& destination);
  void leave_patterns(Destination& destination);

  const config::Settings& settings_;
  Memory memory_;
  std::atomic<Observer*> observer_{nullptr};
  std::string boot_;
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, DestinationPtr, Hash, std::equal_to<>> by_name_;
  std::vector<PatternSubscription> patterns_;
  std::uint32_t made_ = 0;
};

}  // namespace romp::broker
