// SPDX-License-Identifier: Apache-2.0
#include "histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace romp::bench {
namespace {

std::size_t slot_of(std::uint64_t ns, unsigned step_bits) {
  if (ns < (std::uint64_t{1} << step_bits)) return ns;
  const auto shift = static_cast<unsigned>(std::bit_width(ns)) - 1 - step_bits;
  return (std::size_t{shift} << step_bits) + (ns >> shift);
}

std::uint64_t top_of(std::size_t slot, unsigned step_bits) {
  if (slot < (std::size_t{1} << step_bits)) return slot;
  const std::size_t shift = (slot >> step_bits) - 1;
  const std::uint64_t step = slot - (shift << step_bits);
  return ((step + 1) << shift) - 1;
}

}  // namespace

void Histogram::add(std::int64_t ns) {
  const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(ns, 0));
  ++counts_[std::min(slot_of(value, step_bits), counts_.size() - 1)];
  ++count_;
  max_ = std::max(max_, value);
}

double Histogram::quantile_us(double share) const {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
  std::uint64_t sum = 0;
  for (std::size_t slot = 0; slot < counts_.size(); ++slot) {
    sum += counts_[slot];
    if (sum >= wanted && sum > 0) {
      return static_cast<double>(std::min(top_of(slot, step_bits), max_)) / 1000.0;
    }
  }
  return 0;
}

}  // namespace romp::bench
