// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>

#include "base/clock.hpp"
#include "plugin/caution.hpp"

namespace romp::plugin {

/// Takes an instance that fails all the time out of service: after `limit` faults within `window`
/// it is open for as long as the window, or for ever. Any thread.
class Breaker {
 public:
  struct Rules {
    std::uint32_t limit = 100;  ///< 0: never opens
    base::Duration window = std::chrono::seconds(10);
    bool for_ever = false;
  };

  /// Open is what `caution`, which outlives it, calls broken.
  Breaker(const Rules& rules, Caution& caution) noexcept : rules_(rules), caution_(caution) {}

  /// A fault. True when it is the one that opens it.
  bool note_fault(base::Time now) {
    const std::lock_guard lock(mutex_);
    if (rules_.limit == 0 || seems_open()) return false;
    if (faults_ == 0 || now - since_ >= rules_.window) {
      since_ = now;
      faults_ = 0;
    }
    if (++faults_ < rules_.limit) return false;
    until_ = now + rules_.window;
    caution_.raise(Caution::broken);
    openings_.fetch_add(1, std::memory_order_relaxed);
    return true;
  }

  /// One load while it is shut. After its time it lets calls through again, to try.
  bool is_open() { return seems_open() && !has_shut_again(base::Clock::now()); }
  bool seems_open() const noexcept { return caution_.has(Caution::broken); }
  std::uint64_t openings() const noexcept { return openings_.load(std::memory_order_relaxed); }
  const Rules& rules() const noexcept { return rules_; }

 private:
  bool has_shut_again(base::Time now) {
    const std::lock_guard lock(mutex_);
    if (rules_.for_ever || now < until_) return false;
    caution_.drop(Caution::broken);
    faults_ = 0;
    return true;
  }

  const Rules rules_;
  Caution& caution_;
  std::atomic<std::uint64_t> openings_{0};
  std::mutex mutex_;
  base::Time since_{};
  base::Time until_{};
  std::uint32_t faults_ = 0;
};

}  // namespace romp::plugin
