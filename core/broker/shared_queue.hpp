// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <limits>

#include "broker/destination.hpp"

namespace romp::broker {

/// Gives every message to `min_delivery` different subscriptions, in order and in turn. It leaves
/// when all of them have settled it; in automatic mode being given it is enough.
///
/// What one of them refuses or leaves behind goes to another, or to the same again where no other
/// wants it. In automatic mode a delivery that comes back after its message has left may reach a
/// subscription that had it before; it is marked as redelivered.
class SharedQueue final : public Destination {
 public:
  using Destination::Destination;

  void settle(Subscription& subscription, std::span<const Unsettled> done) override;
  std::vector<MessagePtr> give_back(Subscription& subscription, std::vector<Unsettled> unsettled,
                                    bool requeue) override;
  void resume(Subscription& subscription) override;

 private:
  /// One of the deliveries that a message needs, from the time it is made.
  struct Share {
    std::uint64_t holder = 0;  ///< the number of the subscription
    bool settled = false;
  };
  struct Kept {
    MessagePtr message;
    std::size_t needed = 0;  ///< deliveries, those that are settled too
    std::size_t settled = 0;
    std::vector<Share> shares;
    std::vector<std::uint32_t> returned;  ///< attempts of deliveries that came back

    std::uint64_t sequence() const noexcept { return message->sequence; }
    bool is_open() const noexcept { return shares.size() < needed; }
    bool is_done() const noexcept { return settled >= needed; }
    bool was_given_to(const Subscription& subscription) const noexcept;
    std::vector<Share>::iterator share_of(const Subscription& subscription) noexcept;
    /// It goes to nobody else, and leaves when those who have it settle it.
    void close() noexcept;
  };
  using KeptAt = std::deque<Kept>::iterator;
  static constexpr std::size_t all = std::numeric_limits<std::size_t>::max();

  Published accept(const MessagePtr& message, Waiter* waiter, Admission how) override;
  void added(Subscription& subscription) override;
  void removed(Subscription& subscription, std::vector<Unsettled>& unsettled,
               std::vector<MessagePtr>& dead) override;
  std::size_t held() const override { return kept_.size(); }
  std::size_t waiting() const override;
  bool drop_oldest() override;
  std::size_t drop_expired(std::int64_t now_ms) override;
  std::size_t drop_waiting() override;

  std::size_t give_waiting(Subscription& subscription, std::size_t most = all);
  bool hand(Subscription& subscription, Kept& kept);
  void give_in_turn(const Subscription* last);
  void settle_one(Subscription& subscription, const Message& message);
  void put_back(Subscription& subscription, const Unsettled& one);
  void take_back(Subscription& subscription, std::vector<Unsettled>& unsettled, bool requeue,
                 std::vector<MessagePtr>& dead);
  void no_longer_in_flight(Subscription& subscription) noexcept;
  void look_again(const Message& message);
  KeptAt find(const Message& message);
  KeptAt keep_again(const MessagePtr& message);
  KeptAt erase(KeptAt at);
  template <class F>
  std::size_t close_where(F chosen);

  std::deque<Kept> kept_;  ///< by sequence, rising
  std::size_t turn_ = 0;   ///< whose turn it is
  std::uint64_t last_number_ = 0;
};

}  // namespace romp::broker
