// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/shared.hpp"
#include "broker/live_settings.hpp"
#include "broker/memory.hpp"
#include "broker/message.hpp"
#include "broker/subscription.hpp"
#include "config/settings.hpp"

namespace romp::broker {

/// Somebody who waits for room in a full destination.
class Waiter : public base::Shared {
 public:
  /// There is room, or the destination has gone: try again. Called once, from any thread, without
  /// a lock; must only leave a note.
  virtual void on_room() noexcept = 0;
};
using WaiterPtr = base::Ptr<Waiter>;

class Destination;

/// Hears what becomes of destinations. Called from any thread, with the destination's lock held or
/// the broker's: must only leave a note.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on_created(const Destination& destination) noexcept = 0;
  virtual void on_deleted(const Destination& destination) noexcept = 0;
  virtual void on_first_subscription(const Destination& destination) noexcept = 0;
  virtual void on_last_subscription_gone(const Destination& destination) noexcept = 0;
  /// So many messages since the last time.
  virtual void on_dropped(const Destination& destination, std::uint64_t messages) noexcept = 0;
};

/// Whether a message may be refused for want of room.
enum class Admission {
  limited,  ///< the limits of messages and of memory count
  always,   ///< they do not: what was promised before, as the rest of a transaction
};

enum class Published {
  accepted,  ///< routed, or kept; of a topic without subscribers: gone, as topics do
  waits,     ///< full; the waiter will be told when there is room
  gone,      ///< the destination was deleted meanwhile: look it up again
};

/// A delivery that was not settled, on its way back into its queue.
struct Unsettled {
  MessagePtr message;
  std::uint32_t attempts = 0;  ///< deliveries made, this one included
};

/// How many, since the destination was made; and how it is now.
struct Counts {
  std::uint64_t published = 0;
  std::uint64_t delivered = 0;
  std::uint64_t dropped = 0;  ///< for a slow consumer, or the oldest of a full queue
  std::uint64_t expired = 0;
  std::uint64_t dead_lettered = 0;
  std::uint64_t refused = 0;
  std::size_t waiting = 0;    ///< in the queue, not handed out
  std::size_t in_flight = 0;  ///< handed out, not settled
  std::size_t subscriptions = 0;
  std::size_t blocked = 0;  ///< senders that wait for room
};

class Destination;
using DestinationPtr = base::Ptr<Destination>;

/// A named place that messages are sent to. Queue and Topic differ in one thing: who receives a
/// message.
///
/// Safe to call from any thread. An implementation locks its own mutex, and while it holds it calls
/// nothing but Subscription::deliver, has_room and evict.
class Destination : public base::Shared {
 public:
  struct Place {
    std::string name;
    config::DestinationSettings settings;
    std::uint32_t number = 0;  ///< never used twice; part of its messages' ids
    bool on_demand = false;    ///< may be deleted when idle
    std::uint64_t owner = 0;   ///< the session a temporary queue belongs to; 0: nobody
    Memory* memory = nullptr;  ///< the ceiling for all messages
    const std::atomic<Observer*>* observer = nullptr;  ///< the broker's, who may have none
  };

  explicit Destination(Place place);

  const std::string& name() const noexcept { return place_.name; }
  /// As it was made; those that have changed since are in live().
  const config::DestinationSettings& settings() const noexcept { return place_.settings; }
  const LiveSettings& live() const noexcept { return live_; }
  std::uint64_t owner() const noexcept { return place_.owner; }
  bool is_on_demand() const noexcept { return place_.on_demand; }
  bool is_queue() const noexcept { return place_.settings.type == config::DestinationType::queue; }

  /// Takes a message in. Throws Refused when a limit says no; waits only where on_full is `block`
  /// and there is somebody to wait.
  Published publish(const MessagePtr& message, Waiter* waiter, Admission how = Admission::limited);

  /// A waiter has given up. May be called when it has been told already.
  void stop_waiting(const Waiter& waiter);

  /// False when the destination was deleted meanwhile. Throws Refused over max_connections.
  bool subscribe(const SubscriptionPtr& subscription);

  /// Ends a subscription; what it had not settled goes back to its place in the queue.
  /// Returns what went over max_deliveries by that, for the dead-letter queue.
  [[nodiscard]] std::vector<MessagePtr> unsubscribe(Subscription& subscription,
                                                    std::vector<Unsettled> unsettled);

  /// Deliveries were acknowledged. Automatic ones are settled from the start: not to be given here.
  virtual void settle(Subscription& subscription, std::span<const Unsettled> done) = 0;

  /// Deliveries were refused, or did not reach their session any more: back to the queue, or
  /// returned for the dead-letter queue. The subscription may have ended, and the destination too:
  /// then it drops them.
  [[nodiscard]] virtual std::vector<MessagePtr> give_back(Subscription& subscription,
                                                          std::vector<Unsettled> unsettled,
                                                          bool requeue) = 0;

  /// The session of this subscription has room again. To be called whenever has_room() turns true,
  /// and some time after deliver() has said no.
  virtual void resume(Subscription& subscription) = 0;

  /// Drops what has expired, and tells those who wait if there is room: memory may have become free
  /// in another destination. Returns how many.
  std::size_t sweep(std::int64_t now_ms);

  /// Takes over what LiveSettings names, for what comes from now on. Lasts as long as the
  /// destination.
  void reconfigure(const config::DestinationSettings& settings);

  /// Empties it; what is in flight stays. Returns how many.
  std::size_t purge();

  /// Deletes it if it was made on demand, is empty, without subscriptions and idle since `limit`.
  /// What was published since the call before counts as use at the time of this one.
  bool close_if_idle(base::Time limit);
  /// Deletes it in any case: later calls say `gone`.
  void close();

  Counts counts() const;

  /// The worker that all its subscriptions are on; nothing when there are none, or several such.
  std::optional<unsigned> worker_of_all() const;

 protected:
  ~Destination() override = default;

  // With the lock held:
  virtual Published accept(const MessagePtr& message, Waiter* waiter, Admission how) = 0;
  virtual void added(Subscription& subscription) = 0;
  virtual void removed(Subscription& subscription, std::vector<Unsettled>& unsettled,
                       std::vector<MessagePtr>& dead) = 0;
  /// Messages kept, handed out or not.
  virtual std::size_t held() const { return 0; }
  /// Messages that wait for a subscription.
  virtual std::size_t waiting() const { return 0; }
  /// Drops the oldest message that nobody is busy with. False where there is none.
  virtual bool drop_oldest() { return false; }
  virtual std::size_t drop_expired(std::int64_t) { return 0; }
  virtual std::size_t drop_waiting() { return 0; }

  bool full() const;
  /// False when the sender has to wait; throws when it must not.
  bool make_room(Waiter* waiter);
  bool wants(const Subscription& subscription, const Message& message) const {
    return subscription.wants(message, settings().filter_self);
  }

  /// Runs `change` with the lock held, then, without it, tells those who wait for room.
  template <class F>
  void locked(F change) {
    std::vector<WaiterPtr> told;
    {
      const std::lock_guard lock(mutex_);
      change();
      if (!waiters_.empty() && much_room()) told.swap(waiters_);
    }
    tell(told);
  }

  mutable std::mutex mutex_;
  Place place_;
  std::vector<SubscriptionPtr> subscriptions_;
  Counts counts_;
  std::uint64_t last_sequence_ = 0;
  bool closed_ = false;

 private:
  bool expired_on_arrival(Message& message) const;
  void refuse_too_large(const Message& message);
  [[noreturn]] void refuse_full();
  void replace_older(const Subscription& subscription);
  bool much_room() const;
  Observer* observer() const noexcept;
  static void tell(const std::vector<WaiterPtr>& waiters);

  LiveSettings live_;
  std::vector<WaiterPtr> waiters_;
  base::Time last_use_ = base::Clock::now();
  std::uint64_t published_at_last_look_ = 0;
  std::uint64_t dropped_at_last_look_ = 0;
};

}  // namespace romp::broker
