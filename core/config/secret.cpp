// SPDX-License-Identifier: Apache-2.0
#include "config/secret.hpp"

#include <filesystem>

#include "config/read_file.hpp"
#include "config/units.hpp"

namespace romp::config {

std::optional<std::string> resolve_secret(std::string_view value, std::string_view ini,
                                          std::string& why) {
  constexpr std::string_view prefix = "file:";
  if (!value.starts_with(prefix)) return std::string(value);
  auto held = read_file(beside(ini, trim(value.substr(prefix.size()))), why);
  if (held && held->ends_with('\n')) held->pop_back();
  if (held && held->ends_with('\r')) held->pop_back();
  if (!held || !held->empty()) return held;
  why = "holds nothing";
  return std::nullopt;
}

std::string beside(std::string_view ini, std::string_view path) {
  return (std::filesystem::path(ini).parent_path() / path).string();
}

}  // namespace romp::config
