// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace romp::base {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;
using Duration = Clock::duration;

/// Milliseconds since 1970, for what clients read: `expires`, `timestamp`.
inline std::int64_t unix_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace romp::base
