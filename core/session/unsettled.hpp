// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/circular_buffer.hpp>
#include <cstdint>
#include <map>
#include <vector>

#include "broker/destination.hpp"

namespace romp::session {

/// The deliveries of one subscription that the client has not settled, by their number. Numbers
/// rise by one, so finding one is arithmetic; few that stay long are kept aside.
class Unsettled {
 public:
  /// Returns the delivery's number.
  std::uint64_t add(broker::MessagePtr message, std::uint32_t attempts);

  /// True for a number that was given out and is not settled.
  bool holds(std::uint64_t number) const;
  /// True for a number that was ever given out.
  bool was_given(std::uint64_t number) const noexcept { return number >= 1 && number < next_; }

  /// Removes and returns one; all up to it, in order, when `cumulative`.
  std::vector<broker::Unsettled> take(std::uint64_t number, bool cumulative);
  /// Removes and returns everything, in order.
  std::vector<broker::Unsettled> take_all();
  /// Forgets the oldest.
  void drop_oldest();

  std::size_t size() const noexcept { return held_in_ring_ + stragglers_.size(); }

 private:
  std::uint64_t first() const noexcept { return next_ - ring_.size(); }
  void trim();
  void move_stragglers();

  boost::circular_buffer<broker::Unsettled> ring_;  ///< without a message: settled
  std::map<std::uint64_t, broker::Unsettled> stragglers_;
  std::uint64_t next_ = 1;
  std::size_t held_in_ring_ = 0;
};

}  // namespace romp::session
