// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "base/clock.hpp"
#include "plugin/directory.hpp"
#include "plugin/journal.hpp"
#include "plugin/library.hpp"

namespace romp::plugin {

/// The plugin files that are in memory, each content once. A file that has been replaced is loaded
/// next to its old content. [main]
class Libraries {
 public:
  static constexpr std::size_t most = 1000;

  explicit Libraries(Journal& journal) : journal_(journal) {}

  /// The file, loaded now or before; or why it is refused. A refusal is remembered as well.
  const Loaded& of(const FoundFile& file, base::Duration limit);
  /// Has this content been loaded?
  bool has(const FoundFile& file) const { return loaded_.contains(file.identity); }

 private:
  std::string refusal_of(const FoundFile& file) const;

  Journal& journal_;
  std::map<FileIdentity, Loaded> loaded_;
  std::map<std::string, std::size_t> times_;  // a path has been loaded
};

}  // namespace romp::plugin
