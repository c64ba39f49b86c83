// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "config/settings.hpp"
#include "plugin/plan.hpp"

namespace romp::plugin {

/// What a probe is told, as text that goes through a file descriptor.
struct ProbeOrder {
  std::filesystem::path file;
  std::string instance;
  std::optional<config::PluginSettings> section;

  std::string text() const;
  /// Nothing for a text that is none.
  static std::optional<ProbeOrder> from(std::string_view text);
};

/// How far a probe has come: one octet each, on told_descriptor.
namespace probe_step {
inline constexpr char loading = 'l';
inline constexpr char entry = 'e';
inline constexpr char create = 'c';
inline constexpr char destroy = 'd';
inline constexpr char end = '.';
}  // namespace probe_step

}  // namespace romp::plugin
