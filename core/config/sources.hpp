// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/ini_file.hpp"

namespace romp::config {

/// A file of the configuration, and how many `include` lead to it.
struct Source {
  IniFile ini;
  int depth = 0;
};

constexpr int deepest_include = 8;

/// The file and all that its `[server] include` brings, in the order read: a file, then its
/// includes one after the other, each with its own. A file that comes again is not read again, so
/// a circle ends. What cannot be read adds a problem. Nothing is opened for writing.
std::vector<Source> read_sources(const std::string& path, std::vector<Problem>& problems);

/// The same for text that stands for a file at `path`.
std::vector<Source> read_sources_of(std::string_view text, const std::string& path,
                                    std::vector<Problem>& problems);

}  // namespace romp::config
