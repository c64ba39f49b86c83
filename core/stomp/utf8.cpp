// SPDX-License-Identifier: Apache-2.0
#include "stomp/utf8.hpp"

#include <cstddef>

namespace romp::stomp {
namespace {

/// What may follow a first octet (RFC 3629, 4). The second octet's range keeps out overlong forms,
/// surrogates and what is over U+10FFFF.
struct Tail {
  std::size_t length;
  unsigned char least;
  unsigned char most;
};

constexpr Tail tail_of(unsigned char first) noexcept {
  if (first < 0x80) return {0, 0, 0};
  if (first >= 0xc2 && first <= 0xdf) return {1, 0x80, 0xbf};
  if (first == 0xe0) return {2, 0xa0, 0xbf};
  if (first == 0xed) return {2, 0x80, 0x9f};
  if (first >= 0xe1 && first <= 0xef) return {2, 0x80, 0xbf};
  if (first == 0xf0) return {3, 0x90, 0xbf};
  if (first >= 0xf1 && first <= 0xf3) return {3, 0x80, 0xbf};
  if (first == 0xf4) return {3, 0x80, 0x8f};
  return {0, 1, 0};  // no character begins so
}

bool follows(std::string_view text, const Tail& tail) noexcept {
  if (text.size() < tail.length) return false;
  for (std::size_t i = 0; i < tail.length; ++i) {
    const auto octet = static_cast<unsigned char>(text[i]);
    const bool second = i == 0;
    if (octet < (second ? tail.least : 0x80) || octet > (second ? tail.most : 0xbf)) return false;
  }
  return true;
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const Tail tail = tail_of(static_cast<unsigned char>(text.front()));
    if (tail.least > tail.most) return false;
    text.remove_prefix(1);
    if (!follows(text, tail)) return false;
    text.remove_prefix(tail.length);
  }
  return true;
}

}  // namespace romp::stomp
