// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "broker/destination.hpp"
#include "broker/subscription.hpp"
#include "romp/plugin.h"

namespace romp::plugin {

/// A message as on_message is shown it. To be used for one after the other.
struct Delivered {
  Delivered() = default;
  Delivered(const Delivered&) = delete;
  Delivered& operator=(const Delivered&) = delete;

  /// Good until the next.
  void show(broker::MessagePtr from, const std::string& boot);

  broker::MessagePtr message;
  std::string message_id;
  std::vector<romp_header> headers;
  romp_frame frame{};
};

/// A subscription of a plugin: keeps what its destination gives until the strand takes it, and what
/// the plugin has not settled. Bounded: a queue is told to wait, a topic that there is no room.
/// Any thread; never calls a destination with its own lock held.
class Inbox final : public broker::Subscription {
 public:
  static constexpr std::size_t most_waiting = 8192;  ///< of a topic; then it overflows
  static constexpr std::size_t mark = 1024;          ///< a queue gives no more, until half of it
  static constexpr std::size_t most_unsettled_of_a_topic = 65'536;

  /// `wake` asks for a turn of the strand, where there was nothing to take; called with a
  /// destination's lock held.
  Inbox(broker::Terms terms, std::function<void()> wake);

  bool deliver(const broker::MessagePtr& message, std::uint32_t attempts) noexcept override;
  bool has_room() const noexcept override;
  void evict(const char* reason) noexcept override;

  /// The destination, null for a pattern. Set once, after it has been subscribed to.
  void set_destination(broker::DestinationPtr destination);
  broker::DestinationPtr destination() const;

  struct Taken {
    broker::MessagePtr message;
    std::uint64_t token = 0;  ///< 0: settled already
  };
  /// The next message for the plugin; null when there is none. `room` says that the destination
  /// wants to hear of it.
  Taken take(bool& room);

  /// Those that a token names: with ROMP_ACK_CLIENT all up to it. Empty: settled before.
  std::vector<broker::Unsettled> settle(std::uint64_t token);

  /// Why it was evicted, ROMP_OK when it was not: ROMP_E_GONE, or ROMP_E_AGAIN for one too slow.
  romp_status evicted() const;
  /// Takes no more. Returns what goes back to a queue.
  std::vector<broker::Unsettled> end();

 private:
  /// Without a message once it is settled.
  struct Given {
    std::uint64_t token = 0;
    broker::Unsettled delivery;
  };

  bool acknowledges() const noexcept { return terms().ack != broker::AckMode::automatic; }
  void keep(std::uint64_t token, broker::Unsettled delivery);
  void tidy();

  const std::function<void()> wake_;
  mutable std::mutex mutex_;
  broker::DestinationPtr destination_;
  std::deque<broker::Unsettled> waiting_;
  std::deque<Given> given_;  // by token; the first is not settled
  std::size_t settled_ = 0;  // of those
  std::uint64_t last_token_ = 0;
  romp_status evicted_ = ROMP_OK;
  bool overflowed_ = false;
  bool ended_ = false;
  mutable bool refused_room_ = false;
};

}  // namespace romp::plugin
