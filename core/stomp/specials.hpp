// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace romp::stomp {

/// Finds, one after the other, the octets that mean something in a header block: NUL, LF, CR,
/// colon, backslash. Looks at 16 octets at a time; reads nothing beyond the end.
class Specials {
 public:
  Specials(const char* begin, const char* end) noexcept : next_chunk_(begin), end_(end) {}

  /// The next such octet, or null at the end.
  const char* next() noexcept {
    while (mask_ == 0) {
      if (next_chunk_ == end_) return nullptr;
      chunk_ = next_chunk_;
      look();
    }
    const char* found = chunk_ + std::countr_zero(mask_);
    mask_ &= mask_ - 1;
    return found;
  }

  /// False only when all octets up to the last one found are ASCII; it may have looked at more.
  bool saw_high_octet() const noexcept { return high_ != 0; }

 private:
  static constexpr std::ptrdiff_t width = 16;

  static bool is_special(char c) noexcept {
    return c == '\n' || c == ':' || c == '\\' || c == '\r' || c == '\0';
  }

  void look() noexcept {
#ifdef __SSE2__
    if (end_ - chunk_ >= width) {
      const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(chunk_));
      const auto equal = [v](char c) { return _mm_cmpeq_epi8(v, _mm_set1_epi8(c)); };
      const __m128i any =
          _mm_or_si128(_mm_or_si128(_mm_or_si128(equal('\n'), equal(':')), equal('\0')),
                       _mm_or_si128(equal('\\'), equal('\r')));
      mask_ = static_cast<std::uint32_t>(_mm_movemask_epi8(any));
      high_ |= _mm_movemask_epi8(v);
      next_chunk_ = chunk_ + width;
      return;
    }
#endif
    const std::ptrdiff_t length = end_ - chunk_ < width ? end_ - chunk_ : width;
    for (std::ptrdiff_t i = 0; i < length; ++i) {
      if (is_special(chunk_[i])) mask_ |= 1U << i;
      high_ |= chunk_[i] & 0x80;
    }
    next_chunk_ = chunk_ + length;
  }

  const char* chunk_ = nullptr;
  const char* next_chunk_;
  const char* end_;
  std::uint32_t mask_ = 0;
  int high_ = 0;
};

}  // namespace romp::stomp
