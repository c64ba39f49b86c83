// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"
#include "romp/plugin.h"

/// The settings of one instance, whole and checked, in the order of declaration.
struct romp_config {
  struct Value {
    std::string key;
    std::string text;
    std::optional<std::int64_t> number;  ///< of an int, bool, duration (ns) or size (octets)
  };
  std::vector<Value> values;

  const Value* find(std::string_view key) const noexcept;
};

namespace romp::plugin {

/// Joins what a plugin declares with what the ini says. Appends a sentence to `problems` for each
/// unknown key, missing key and bad value: `romp.ini:7 [plugin.x] adress: unknown key; did you mean
/// "address"?`. `section` may be null.
romp_config read_keys(std::span<const romp_config_key> declared, std::string_view instance,
                      const config::PluginSettings* section, std::vector<std::string>& problems);

/// Why a declaration itself is wrong, as for an unknown type; empty when it is not.
std::string problem_of_declaration(std::span<const romp_config_key> declared);

}  // namespace romp::plugin
