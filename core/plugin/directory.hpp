// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "plugin/inspect.hpp"

namespace romp::plugin {

/// Tells one content of a file from another that takes its name.
struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t changed_ns = 0;  ///< its time of modification
  std::uint64_t size = 0;

  bool same_file(const FileIdentity& other) const noexcept {
    return device == other.device && inode == other.inode;
  }
  auto operator<=>(const FileIdentity&) const = default;
};

/// One file of the plugin directory, looked at but not loaded.
struct FoundFile {
  std::string name;  ///< "ping.so"
  Inspection inspection;
  FileIdentity identity = {};
};

struct Directory {
  std::string refusal;           ///< nothing may be loaded from it
  std::vector<FoundFile> files;  ///< all *.so, in the order of their names

  const FoundFile* find(const std::string& name) const noexcept;
};

/// Looks at everything in a plugin directory; runs nothing of it.
Directory scan(const std::filesystem::path& directory);

}  // namespace romp::plugin
