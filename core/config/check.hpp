// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/problem.hpp"
#include "config/settings.hpp"

namespace romp::config {

struct Place {
  std::string file;
  int line = 0;
};

/// Where each key was written, by "[section]" and key; those that were not are not in it.
using Places = std::map<std::pair<std::string, std::string>, Place>;

/// Reports settings that are good alone and cannot be true together. A problem stands at the
/// key that was written.
void check_together(const Settings& settings, const Places& places, std::vector<Problem>& problems);

/// Reports what cannot be meant in a section [permission NAME]: nobody, nothing, a pattern that is
/// none. `place` is that of the section.
void check_permission(const PermissionSettings& permission, const std::string& label,
                      const Places& places, const Place& place, std::vector<Problem>& problems);

}  // namespace romp::config
