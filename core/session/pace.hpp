// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/clock.hpp"

namespace romp::session {

/// How eagerly a worker reads. Clients that write each frame alone can keep it waking up for single
/// frames, which costs them and it more than the frames do. Where frames come that way, it rests
/// for a moment before it reads from the same connection again, and finds several.
///
/// Whether that helps is tried out, not guessed: a client that waits for each answer would only be
/// slowed down. So windows of time are compared: one without and one with rests, and if more frames
/// came in the second, a long stretch with rests before the next comparison. One worker.
class Pace {
 public:
  static constexpr base::Duration window = std::chrono::milliseconds(4);
  static constexpr base::Duration rest = std::chrono::microseconds(25);

  /// To be called before each reading of a connection. `frames` is how many the worker has received
  /// so far; `round` belongs to the connection, 0 at first. Returns how long to rest now.
  base::Duration before_reading(base::Time now, std::uint64_t frames, std::uint32_t& round);

 private:
  enum class Mode { plain, trial, resting };

  void end_window(base::Time now, std::uint64_t frames);
  Mode next_mode(bool is_worth_a_trial, double rate);

  Mode mode_ = Mode::plain;
  std::uint32_t round_ = 1;  ///< a new one begins when a connection is read from again
  base::Time began_{};
  std::uint64_t frames_ = 0;    ///< when the window began
  std::uint64_t readings_ = 0;  ///< in this window
  double plain_rate_ = 0;       ///< frames a nanosecond without resting, in the last such window
  unsigned windows_left_ = 1;   ///< until the next trial, or the end of resting
  unsigned patience_ = 1;       ///< windows from a trial in vain to the next
};

}  // namespace romp::session
