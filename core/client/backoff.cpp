// SPDX-License-Identifier: Apache-2.0
#include "client/backoff.hpp"

#include <algorithm>

namespace romp::client {

base::Duration Backoff::next(std::uint64_t chance) noexcept {
  base::Duration whole = least_;
  for (unsigned i = 0; i < tries_ && whole < most_; ++i) whole *= 2;
  if (whole < most_) ++tries_;
  return half_of(std::min(whole, most_), chance);
}

base::Duration Backoff::half_of(base::Duration whole, std::uint64_t chance) noexcept {
  const auto half = whole / 2;
  return whole - base::Duration(static_cast<base::Duration::rep>(
                     chance % static_cast<std::uint64_t>(half.count() + 1)));
}

}  // namespace romp::client
