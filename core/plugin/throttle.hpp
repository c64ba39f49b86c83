// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>

#include "base/clock.hpp"

namespace romp::plugin {

/// Lets so many through in each second and counts the rest. Any thread.
class Throttle {
 public:
  explicit Throttle(std::uint32_t per_second) noexcept : per_second_(per_second) {}

  /// True when one more may pass; `missed` is then how many did not since the last that did.
  bool pass(base::Time now, std::uint64_t& missed) {
    const std::lock_guard lock(mutex_);
    if (now - since_ >= std::chrono::seconds(1)) {
      since_ = now;
      passed_ = 0;
    }
    if (passed_ == per_second_) {
      ++missed_;
      return false;
    }
    ++passed_;
    missed = missed_;
    missed_ = 0;
    return true;
  }

 private:
  const std::uint32_t per_second_;
  std::mutex mutex_;
  base::Time since_{};
  std::uint32_t passed_ = 0;
  std::uint64_t missed_ = 0;
};

}  // namespace romp::plugin
