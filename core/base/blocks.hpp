// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace romp::base {

/// Memory for what one thread makes and another ends, as messages are: where that happens all the
/// time, the two would wait for each other in malloc. Each thread keeps free blocks of a few dozen
/// sizes and hands surplus ones on by the bundle, so that it takes a lock once for a bundle. Any
/// thread. Larger blocks are malloc's; under the address sanitizer all are.
class Blocks {
 public:
  /// Larger ones are not kept.
  static constexpr std::size_t largest = 3072;
  /// Octets of one size in bundles that no thread has; what comes on top goes back to malloc.
  static constexpr std::size_t most_kept = std::size_t{512} << 10;

  /// At least so many octets, aligned for everything. Throws std::bad_alloc.
  static void* take(std::size_t size);
  /// `size` is what it was taken with.
  static void give_back(void* block, std::size_t size) noexcept;

  /// Octets of all sizes in bundles that no thread has.
  static std::size_t kept() noexcept;
};

}  // namespace romp::base
