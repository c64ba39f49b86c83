// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/shared.hpp"
#include "broker/message.hpp"
#include "broker/selector.hpp"

namespace romp::broker {

/// STOMP 1.2, "SUBSCRIBE ack Header".
enum class AckMode : std::uint8_t { automatic, client, client_individual };

/// Says which topics a subscription to a pattern may hear. Always the same of the same topic; any
/// thread.
class Audience : public base::Shared {
 public:
  virtual bool may_hear(std::string_view topic) const noexcept = 0;
};

/// What a client asked for when it subscribed.
struct Terms {
  AckMode ack = AckMode::automatic;
  std::uint32_t prefetch = 0;          ///< most deliveries not yet settled; 0: no limit
  base::Ptr<const Selector> selector;  ///< null: everything
  std::uint64_t session = 0;           ///< for filter_self
  bool no_local = false;               ///< nothing that the same session sent
  bool from_web = false;               ///< web_read_block is for it
  bool by_pattern = false;  ///< keeps no topic alive: a new one of the name gets it again
  base::Ptr<const Audience> audience;  ///< of a pattern; null: all that it matches
  std::string user;                    ///< for sub_by_user; empty: nobody in particular
};

/// One client's wish for one destination, as the destination sees it.
class Subscription : public base::Shared {
 public:
  explicit Subscription(Terms terms) : terms_(std::move(terms)) {}

  const Terms& terms() const noexcept { return terms_; }

  /// Takes a message: appends it to the session's outbox, or leaves it at the session's worker.
  /// `attempts` counts earlier deliveries of it. Called with the destination's lock held, from any
  /// thread; must not block, throw or call back. False: over the limit, nothing was taken.
  virtual bool deliver(const MessagePtr& message, std::uint32_t attempts) noexcept = 0;

  /// False while its session has more waiting to be written than a queue should add to. Any thread.
  virtual bool has_room() const noexcept = 0;

  /// The destination has given up on it (a slow consumer, a newer subscription of the same user).
  /// May be called with the destination's lock held, from any thread and more than once; must only
  /// leave a note.
  virtual void evict(const char* reason) noexcept = 0;

  /// The worker that its deliveries end on; nothing: none in particular. Any thread.
  virtual std::optional<unsigned> worker() const noexcept { return std::nullopt; }

  /// Whether the message is one it asked for; `filter_self` leaves out its own session's, as
  /// `no_local` does.
  bool wants(const Message& message, bool filter_self) const {
    const bool own = message.sender != 0 && message.sender == terms_.session;
    if (own && (filter_self || terms_.no_local)) return false;
    return !terms_.selector || terms_.selector->matches(message);
  }

 private:
  friend class Queue;
  friend class SharedQueue;

  bool holds_what_it_gets() const noexcept { return terms_.ack != AckMode::automatic; }
  bool has_credit() const noexcept {
    return subscribed_ && (terms_.prefetch == 0 || in_flight_ < terms_.prefetch) && has_room();
  }

  Terms terms_;
  // Under the lock of the queue it is subscribed to:
  bool subscribed_ = false;         ///< it may still be given something
  std::uint32_t in_flight_ = 0;     ///< handed out and not settled; none in automatic mode
  std::uint64_t number_ = 0;        ///< tells it from the others, those that have left too
  std::uint64_t looked_until_ = 0;  ///< nothing that waits up to this sequence is for it
};
using SubscriptionPtr = base::Ptr<Subscription>;

}  // namespace romp::broker
