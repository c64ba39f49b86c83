// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "plugin/inspect.hpp"

namespace romp::plugin {

/// One file of the plugin directory, looked at but not loaded.
struct FoundFile {
  std::string name;  ///< "ping.so"
  Inspection inspection;
};

struct Directory {
  std::string refusal;           ///< nothing may be loaded from it
  std::vector<FoundFile> files;  ///< all *.so, in the order of their names

  const FoundFile* find(const std::string& name) const noexcept;
};

/// Looks at everything in a plugin directory; runs nothing of it.
Directory scan(const std::filesystem::path& directory);

}  // namespace romp::plugin
