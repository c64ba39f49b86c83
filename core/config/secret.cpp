// SPDX-License-Identifier: Apache-2.0
#include "config/secret.hpp"

#include <filesystem>

#include "config/read_file.hpp"
#include "config/units.hpp"

namespace romp::config {
namespace {

constexpr std::string_view prefix = "file:";

bool everybody_may_read(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code failed;
  const auto lets_others = [&failed](const fs::path& at, fs::perms how) {
    return (fs::status(at, failed).permissions() & how) != fs::perms::none && !failed;
  };
  fs::path at = fs::canonical(path, failed);
  if (failed || !lets_others(at, fs::perms::others_read)) return false;
  while (at.has_relative_path()) {
    at = at.parent_path();
    if (!lets_others(at, fs::perms::others_exec)) return false;
  }
  return true;
}

}  // namespace

std::optional<std::string> resolve_secret(std::string_view value, std::string_view ini,
                                          std::string& why) {
  if (!value.starts_with(prefix)) return std::string(value);
  auto held = read_file(beside(ini, trim(value.substr(prefix.size()))), why);
  if (held && held->ends_with('\n')) held->pop_back();
  if (held && held->ends_with('\r')) held->pop_back();
  if (!held || !held->empty()) return held;
  why = "holds nothing";
  return std::nullopt;
}

std::string exposure_of(std::string_view value, const std::string& ini) {
  const bool is_elsewhere = value.starts_with(prefix);
  const std::string file = is_elsewhere ? beside(ini, trim(value.substr(prefix.size()))) : ini;
  if (value.empty() || !everybody_may_read(file)) return {};
  return "everybody may read it; chmod o-r " + file;
}

std::string beside(std::string_view ini, std::string_view path) {
  return (std::filesystem::path(ini).parent_path() / path).string();
}

}  // namespace romp::config
