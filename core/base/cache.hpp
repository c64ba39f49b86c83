// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace romp::base {

/// What processors hand to each other: two that write into the same line wait for each other.
constexpr std::size_t cache_line = 64;

/// Asks for the beginning of something to be brought here for changing it, since another processor
/// has it; goes on at once. Any address will do.
inline void prefetch_to_change(const void* begin, std::size_t size) noexcept {
  const auto first = reinterpret_cast<std::uintptr_t>(begin);
  const auto end = first + std::min(size, 4 * cache_line);
  for (auto line = first & ~(cache_line - 1); line < end; line += cache_line) {
#ifdef __x86_64__
    asm("prefetchw (%0)" : : "r"(line));  // the builtin does not mean it for old processors
#else
    __builtin_prefetch(reinterpret_cast<const void*>(line), 1);
#endif
  }
}

}  // namespace romp::base
