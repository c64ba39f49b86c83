// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "romp/plugin.h"

namespace romp::plugin {

/// An absent string reads as an empty one.
inline std::string_view view(romp_str text) noexcept {
  return text.data == nullptr ? std::string_view{} : std::string_view{text.data, text.len};
}

/// A view without memory becomes an absent string, an empty one stays present.
inline romp_str str(std::string_view text) noexcept { return {text.data(), text.size()}; }

/// Lengths without bytes are the one way a romp_str can lie that the host can see.
inline bool sound(romp_str text) noexcept { return text.data != nullptr || text.len == 0; }

inline std::string in_quotes(std::string_view text) {
  std::string out{'"'};
  out.append(text);
  return out += '"';
}

}  // namespace romp::plugin
