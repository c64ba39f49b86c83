// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace romp::plugin {

/// Counts what happens on every frame: each of the first threads has a cache line of its own, and
/// needs no lock for it.
class CallCount {
 public:
  /// Returns how many this thread has counted before. `thread` is ThreadSlot::number().
  std::uint64_t add(std::size_t thread) noexcept {
    if (thread >= own) return shared_.fetch_add(1, std::memory_order_relaxed);
    auto& count = lines_[thread].count;
    const auto before = count.load(std::memory_order_relaxed);
    count.store(before + 1, std::memory_order_relaxed);
    return before;
  }

  std::uint64_t value() const noexcept {
    auto sum = shared_.load(std::memory_order_relaxed);
    for (const auto& line : lines_) sum += line.count.load(std::memory_order_relaxed);
    return sum;
  }
  bool operator==(std::uint64_t other) const noexcept { return value() == other; }

 private:
  static constexpr std::size_t own = 16;
  struct alignas(64) Line {
    std::atomic<std::uint64_t> count{0};
  };

  std::array<Line, own> lines_;
  std::atomic<std::uint64_t> shared_{0};
};

/// What the host counts for each filter. Any thread.
struct Counters {
  using Count = std::atomic<std::uint64_t>;

  CallCount calls;
  Count handled{0};
  Count rejected{0};  ///< by the filter itself
  Count deferred{0};
  Count timeouts{0};       ///< of deferrals
  Count faults{0};         ///< exceptions, statuses, verdicts that are none
  Count blocked{0};        ///< frames it was not asked about: it fails too often
  Count over_budget{0};    ///< of the calls that were timed
  Count sampled_calls{0};  ///< the calls that were timed, one in 64
  Count sampled_ns{0};     ///< and how long they took

  static void count(Count& counter, std::uint64_t n = 1) noexcept {
    counter.fetch_add(n, std::memory_order_relaxed);
  }
};

}  // namespace romp::plugin
