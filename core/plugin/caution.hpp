// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>

namespace romp::plugin {

/// What a call into an instance has to mind: in one octet, so that those that need not mind
/// anything find out by one look. Any thread.
class Caution {
 public:
  enum Bit : std::uint8_t {
    shut = 1,    ///< it takes no calls
    broken = 2,  ///< it fails too often
    serial = 4,  ///< one call at a time
  };
  using Bits = std::uint8_t;

  explicit Caution(Bits bits) noexcept : bits_(bits) {}

  Bits look() const noexcept { return bits_.load(std::memory_order_acquire); }
  bool has(Bit bit) const noexcept { return (look() & bit) != 0; }
  void raise(Bit bit) noexcept { bits_.fetch_or(bit); }
  void drop(Bit bit) noexcept { bits_.fetch_and(static_cast<Bits>(~bit)); }

 private:
  std::atomic<Bits> bits_;
};

}  // namespace romp::plugin
