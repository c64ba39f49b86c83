// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "config/settings.hpp"
#include "plugin/directory.hpp"
#include "romp/plugin.h"

namespace romp::plugin {

/// One instance that is to be: a file, and the section that configures it, if there is one.
struct Use {
  std::string name;
  const FoundFile* file = nullptr;
  const config::PluginSettings* section = nullptr;

  /// How problems with it begin: `downstream.so [plugin.orders]`.
  std::string subject() const;
};

struct Plan {
  std::vector<Use> uses;              ///< in the order of their names
  std::vector<std::string> problems;  ///< one sentence each
  std::vector<std::string> left_out;  ///< sections that are optional, and whose file is absent
};

/// Which file is to be used how often: once for each section that names it, or once without any.
/// Runs nothing.
Plan make_plan(const Directory& directory, std::span<const config::PluginSettings> sections,
               const std::string& directory_name);

/// What a use may do: what its descriptor wants, if the ini allows all of it.
struct Granted {
  std::uint64_t capabilities = 0;
  std::string refusal;
};
Granted grant(const romp_plugin& descriptor, const Use& use);

/// `needs interface romp.client/2; this broker offers romp.admin/1`, or empty.
std::string refusal_of_needs(const romp_plugin& descriptor);

}  // namespace romp::plugin
