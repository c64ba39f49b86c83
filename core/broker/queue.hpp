// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <limits>

#include "broker/destination.hpp"

namespace romp::broker {

/// Gives every message to one subscription: in turn, among those with credit that want it. What is
/// not settled comes back to the place it was taken from.
///
/// Invariant: no message waits that a subscription with credit wants, unless its session has room
/// again and has not called `resume` yet.
class Queue final : public Destination {
 public:
  using Destination::Destination;

  void settle(Subscription& subscription, std::span<const Unsettled> done) override;
  std::vector<MessagePtr> give_back(Subscription& subscription, std::vector<Unsettled> unsettled,
                                    bool requeue) override;
  void resume(Subscription& subscription) override;

 private:
  struct Waiting {
    MessagePtr message;
    std::uint32_t attempts = 0;
    std::uint64_t sequence() const noexcept { return message->sequence; }
  };
  static constexpr std::size_t all = std::numeric_limits<std::size_t>::max();

  Published accept(const MessagePtr& message, Waiter* waiter, Admission how) override;
  void added(Subscription& subscription) override;
  void removed(Subscription& subscription, std::vector<Unsettled>& unsettled,
               std::vector<MessagePtr>& dead) override;
  std::size_t held() const override { return waiting_.size() + counts_.in_flight; }
  std::size_t waiting() const override { return waiting_.size(); }
  bool drop_oldest() override;
  std::size_t drop_expired(std::int64_t now_ms) override;
  std::size_t drop_waiting() override;

  bool is_behind(const Subscription& subscription) const noexcept;
  bool offer(const MessagePtr& message, bool may_hold);
  bool hand(Subscription& subscription, const MessagePtr& message, std::uint32_t attempts);
  std::size_t give_waiting(Subscription& subscription, std::size_t most = all);
  void give_in_turn();
  void keep(const MessagePtr& message, std::uint32_t attempts);
  void put_back(Unsettled& one);
  void take_back(Subscription& subscription, std::vector<Unsettled>& unsettled, bool requeue,
                 std::vector<MessagePtr>& dead);
  void no_longer_in_flight(Subscription& subscription, const Message& message) noexcept;
  void released(const Message& message) noexcept;

  std::deque<Waiting> waiting_;   ///< by sequence, rising
  std::size_t turn_ = 0;          ///< whose turn it is
  bool nobody_can_take_ = false;  ///< no subscription has credit: no use to ask them all
  std::int64_t next_expiry_ = std::numeric_limits<std::int64_t>::max();  ///< none expires before
};

}  // namespace romp::broker
