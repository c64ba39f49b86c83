// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>

namespace romp::bench {

/// Which of the numbers 0, 1, 2 ... have come, and how. Costs nothing while they come in order.
class Sequence {
 public:
  enum class Arrival {
    expected,
    early,  ///< some before it have not come yet
    late,   ///< a gap that an early one left is filled
    again,  ///< it had come before
  };

  Arrival arrive(std::uint64_t number) {
    if (number == next_) {
      ++next_;
      return Arrival::expected;
    }
    return number > next_ ? leave_gap(number) : fill_gap(number);
  }

  /// How many of the first `count` numbers have not come.
  std::uint64_t missing(std::uint64_t count) const;

 private:
  Arrival leave_gap(std::uint64_t number);
  Arrival fill_gap(std::uint64_t number);

  std::uint64_t next_ = 0;
  std::map<std::uint64_t, std::uint64_t> gaps_;  // first -> behind the last, all below next_
};

}  // namespace romp::bench
