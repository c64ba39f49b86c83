// SPDX-License-Identifier: Apache-2.0
#include "sequence.hpp"

#include <algorithm>

namespace romp::bench {

Sequence::Arrival Sequence::leave_gap(std::uint64_t number) {
  gaps_.emplace_hint(gaps_.end(), next_, number);
  next_ = number + 1;
  return Arrival::early;
}

Sequence::Arrival Sequence::fill_gap(std::uint64_t number) {
  auto gap = gaps_.upper_bound(number);
  if (gap == gaps_.begin()) return Arrival::again;
  --gap;
  const auto [first, behind] = *gap;
  if (number >= behind) return Arrival::again;
  gaps_.erase(gap);
  if (first < number) gaps_.emplace(first, number);
  if (number + 1 < behind) gaps_.emplace(number + 1, behind);
  return Arrival::late;
}

std::uint64_t Sequence::missing(std::uint64_t count) const {
  std::uint64_t sum = count > next_ ? count - next_ : 0;
  for (const auto& [first, behind] : gaps_) {
    if (first < count) sum += std::min(behind, count) - first;
  }
  return sum;
}

}  // namespace romp::bench
