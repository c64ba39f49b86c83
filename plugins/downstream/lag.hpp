// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>

namespace downstream {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

/// What the other side of a line does not have yet.
struct Lag {
  std::uint64_t messages = 0;
  Seconds age{};  ///< for how long the oldest of them has waited
};

/// Finds out how old the oldest message of a queue is by the numbers that are known of the queue:
/// when there were fewer published than are gone by now, it had not come. As exact as `look` is
/// called often; at the start it knows only what it has seen itself.
class QueueAge {
 public:
  /// Memory for as many looks; then every second one is forgotten.
  static constexpr std::size_t most_marks = 4096;

  /// `published` since the queue was made; `left` of them are there now.
  void look(Clock::time_point now, std::uint64_t published, std::uint64_t left);
  /// As of the last look.
  Seconds age() const noexcept { return age_; }
  std::size_t marks() const noexcept { return marks_.size(); }

 private:
  struct Mark {
    Clock::time_point when;
    std::uint64_t published;
  };

  void add(Mark mark, bool is_empty);
  void thin_out();

  std::deque<Mark> marks_;  ///< rising; the first is the last that had no message of what is left
  Seconds age_{};
};

}  // namespace downstream
