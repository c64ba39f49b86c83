// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace romp::stomp {

/// True for well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing over U+10FFFF.
bool is_utf8(std::string_view text) noexcept;

/// Octets at the end that begin a character and do not end it; 0 to 3.
std::size_t unfinished_tail(std::string_view text) noexcept;

}  // namespace romp::stomp
