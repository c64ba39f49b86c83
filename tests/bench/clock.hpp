// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

namespace romp::bench {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;
using Duration = Clock::duration;

inline double seconds(Duration d) { return std::chrono::duration<double>(d).count(); }

inline Duration from_seconds(double s) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(s));
}

/// Nanoseconds since the program asked first: small enough for the stamp of a message.
inline std::int64_t ns_since_start(Time t) {
  static const Time start = Clock::now();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(t - start).count();
}

}  // namespace romp::bench
