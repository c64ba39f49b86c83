// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/settings.hpp"

namespace romp::config {

/// The lists of a section by the keys they were written with.
inline std::array<std::pair<std::string_view, const std::vector<std::string>*>, 4> rules_of(
    const PermissionSettings& permission) {
  return {{{"read", &permission.read},
           {"write", &permission.write},
           {"create", &permission.create},
           {"admin", &permission.admin}}};
}

}  // namespace romp::config
