// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#endif

namespace romp::plugin {

/// Under the address sanitizer nobody may touch these octets until reveal(), or the process ends
/// and says who did. Without it nothing happens.
inline void hide(const void* begin, std::size_t octets) noexcept {
#ifdef __SANITIZE_ADDRESS__
  ASAN_POISON_MEMORY_REGION(begin, octets);
#else
  (void)begin, (void)octets;
#endif
}

inline void reveal(const void* begin, std::size_t octets) noexcept {
#ifdef __SANITIZE_ADDRESS__
  ASAN_UNPOISON_MEMORY_REGION(begin, octets);
#else
  (void)begin, (void)octets;
#endif
}

}  // namespace romp::plugin
