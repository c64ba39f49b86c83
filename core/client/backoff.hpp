// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/clock.hpp"

namespace romp::client {

/// How long to wait before the next try: from `least` on twice as long each time, up to `most`, of
/// which a random half is left out, so that many clients do not come back at once.
class Backoff {
 public:
  Backoff(base::Duration least, base::Duration most) noexcept : least_(least), most_(most) {}

  /// `chance` is any random number.
  base::Duration next(std::uint64_t chance) noexcept;
  /// The longest there is: for a server that says what will not change by itself.
  base::Duration longest(std::uint64_t chance) const noexcept { return half_of(most_, chance); }
  void reset() noexcept { tries_ = 0; }

 private:
  static base::Duration half_of(base::Duration whole, std::uint64_t chance) noexcept;

  base::Duration least_;
  base::Duration most_;
  unsigned tries_ = 0;
};

}  // namespace romp::client
