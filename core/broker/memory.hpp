// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>

namespace romp::broker {

/// The one ceiling for all messages in memory. Any thread.
class Memory {
 public:
  explicit Memory(std::size_t limit) noexcept : limit_(limit) {}

  void take(std::size_t octets) noexcept { used_.fetch_add(octets, std::memory_order_relaxed); }
  void give(std::size_t octets) noexcept { used_.fetch_sub(octets, std::memory_order_relaxed); }
  bool exhausted() const noexcept { return used() >= limit_; }
  std::size_t used() const noexcept { return used_.load(std::memory_order_relaxed); }
  std::size_t limit() const noexcept { return limit_; }

 private:
  std::atomic<std::size_t> used_{0};
  std::size_t limit_;
};

}  // namespace romp::broker
