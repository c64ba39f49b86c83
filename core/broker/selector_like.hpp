// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "broker/selector_value.hpp"

namespace romp::broker::selector {

/// One step of a LIKE pattern: an octet, or one of the two wildcards.
using LikeElement = std::uint16_t;
inline constexpr LikeElement any_character = 256;  ///< `_`: one UTF-8 character
inline constexpr LikeElement any_text = 257;       ///< `%`: any number of them, also none

/// Appends the pattern's elements. False when it ends in the escape character.
bool compile_like(std::string_view pattern, std::optional<char> escape,
                  std::vector<LikeElement>& elements);

/// Takes what it costs from `steps`; unknown when they run out.
Truth like(std::string_view text, std::span<const LikeElement> pattern,
           std::size_t& steps) noexcept;

}  // namespace romp::broker::selector
