// SPDX-License-Identifier: Apache-2.0
#include "stomp/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

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

/// How many octets at the beginning are ASCII, eight at a time.
std::size_t ascii_prefix(std::string_view text) noexcept {
  std::size_t at = 0;
  for (std::uint64_t eight; at + sizeof eight <= text.size(); at += sizeof eight) {
    std::memcpy(&eight, text.data() + at, sizeof eight);
    if ((eight & 0x8080808080808080U) != 0) break;
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
  while (true) {
    text.remove_prefix(ascii_prefix(text));
    if (text.empty()) return true;
    const Tail tail = tail_of(static_cast<unsigned char>(text.front()));
    if (tail.least > tail.most) return false;
    text.remove_prefix(1);
    if (!follows(text, tail)) return false;
    text.remove_prefix(tail.length);
  }
}

std::size_t unfinished_tail(std::string_view text) noexcept {
  for (std::size_t n = 1; n <= std::min<std::size_t>(3, text.size()); ++n) {
    const auto octet = static_cast<unsigned char>(text[text.size() - n]);
    if (octet < 0x80 || octet >= 0xc0) return tail_of(octet).length >= n ? n : 0;
  }
  return 0;
}

}  // namespace romp::stomp
