// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>

namespace romp::plugin {

/// What the host counts for each filter. Any thread.
struct Counters {
  using Count = std::atomic<std::uint64_t>;

  Count calls{0};
  Count handled{0};
  Count rejected{0};  ///< by the filter itself
  Count deferred{0};
  Count timeouts{0};     ///< of deferrals
  Count faults{0};       ///< exceptions, statuses, verdicts that are none
  Count over_budget{0};  ///< of the calls that were timed, one in 64

  static void count(Count& counter) noexcept { counter.fetch_add(1, std::memory_order_relaxed); }
};

}  // namespace romp::plugin
