// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <mutex>

#include "base/clock.hpp"

namespace romp::net {

/// So many units a second, saved up for one second: octets to be read, connections to be taken.
/// Any thread.
class Budget {
 public:
  /// 0: there is no limit.
  explicit Budget(std::size_t a_second) noexcept
      : a_second_(static_cast<double>(a_second)), saved_(a_second_) {}

  bool is_limited() const noexcept { return a_second_ != 0; }

  /// What may be spent now; 0: nothing before `due`. Never a few units only, which would be spent
  /// one by one.
  std::size_t left(base::Time now) {
    const std::lock_guard lock(mutex_);
    earn(now);
    return saved_ < portion() ? 0 : static_cast<std::size_t>(saved_);
  }
  void spend(std::size_t units) {
    if (!is_limited()) return;
    const std::lock_guard lock(mutex_);
    saved_ -= static_cast<double>(units);
  }
  /// Spends one if there is one.
  bool take_one(base::Time now) {
    const std::lock_guard lock(mutex_);
    earn(now);
    if (saved_ < 1) return false;
    saved_ -= 1;
    return true;
  }
  /// When there will be something to spend.
  base::Time due(base::Time now) {
    const std::lock_guard lock(mutex_);
    earn(now);
    const double missing = portion() - saved_;
    if (missing <= 0) return now;
    return now + std::chrono::duration_cast<base::Duration>(
                     std::chrono::duration<double>(missing / a_second_));
  }
  /// Nothing was spent for so long that it does not show.
  bool is_full(base::Time now) {
    const std::lock_guard lock(mutex_);
    earn(now);
    return saved_ >= a_second_;
  }

 private:
  /// A twentieth of a second's units, at least one.
  double portion() const noexcept { return std::max(1.0, a_second_ / 20); }

  void earn(base::Time now) {
    if (since_ != base::Time{}) {
      const std::chrono::duration<double> passed = now - since_;
      saved_ = std::min(a_second_, saved_ + std::max(0.0, passed.count()) * a_second_);
    }
    since_ = now;
  }

  const double a_second_;
  std::mutex mutex_;
  double saved_;  ///< below 0: spent before it was earned
  base::Time since_{};
};

}  // namespace romp::net
