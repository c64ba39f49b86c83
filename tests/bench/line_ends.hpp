// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace romp::bench {

/// Finds the line ends of a text one after the other. Where the processor can, it looks at 64
/// octets at once and remembers all it saw: heads have many short lines, and memchr costs most at
/// its start.
class LineEnds {
 public:
  explicit LineEnds(std::string_view text)
      : block_(text.data()), place_(text.data()), end_(text.data() + text.size()) {
    look();
  }

  /// Takes the next line, without its end; false when there is no line end any more.
  bool take(std::string_view& line) {
    const char* found = next();
    if (found == nullptr) return false;
    const bool has_cr = found != place_ && found[-1] == '\r';
    line = {place_, static_cast<std::size_t>(found - place_ - (has_cr ? 1 : 0))};
    place_ = found + 1;
    return true;
  }

  /// Behind the last line that was taken.
  const char* place() const { return place_; }

 private:
#ifdef __SSE2__
  static constexpr std::ptrdiff_t block_size = 64;

  void look() {
    if (end_ - block_ >= block_size) seen_ = line_ends_of(block_);
  }

  const char* next() {
    while (end_ - block_ >= block_size) {
      if (seen_ != 0) {
        const char* found = block_ + std::countr_zero(seen_);
        seen_ &= seen_ - 1;
        return found;
      }
      block_ += block_size;
      look();
    }
    return search();
  }

  static std::uint64_t line_ends_of(const char* block) {
    std::uint64_t bits = 0;
    for (unsigned i = 0; i < 64; i += 16) {
      const auto octets = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + i));
      const int equal = _mm_movemask_epi8(_mm_cmpeq_epi8(octets, _mm_set1_epi8('\n')));
      bits |= std::uint64_t{static_cast<unsigned>(equal)} << i;
    }
    return bits;
  }

  std::uint64_t seen_ = 0;
#else
  void look() {}
  const char* next() { return search(); }
#endif

  const char* search() const {
    const void* found = std::memchr(place_, '\n', static_cast<std::size_t>(end_ - place_));
    return static_cast<const char*>(found);
  }

  const char* block_;
  const char* place_;
  const char* end_;
};

}  // namespace romp::bench
