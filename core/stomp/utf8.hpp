// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace romp::stomp {

/// True for well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing over U+10FFFF.
bool is_utf8(std::string_view text) noexcept;

}  // namespace romp::stomp
