// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <cstdint>
#include <cstring>
#include <string_view>

/// Writing where there is room: each gives the place behind what it wrote.
namespace romp::session {

inline char* put(char* at, std::string_view text) noexcept {
  std::memcpy(at, text.data(), text.size());
  return at + text.size();
}

/// Takes up to 20 octets.
inline char* put(char* at, std::uint64_t number) noexcept {
  return std::to_chars(at, at + 20, number).ptr;
}

}  // namespace romp::session
