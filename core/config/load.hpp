// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/problem.hpp"
#include "config/settings.hpp"

namespace romp::config {

/// Reads the ini file at `path` and what it includes.
///
/// All that is wrong is added to `problems`, in the order of files and lines as far as it has one;
/// the settings are to be used only when nothing was added. A file has a section and a key once; a
/// file read later overrules the keys of an earlier one, but for those of permissions: their
/// sections are in one file. Reads files and writes none. Any thread.
Settings load(const std::string& path, std::vector<Problem>& problems);

/// The same for text that stands for a file at `path`, which need not exist.
Settings load_text(std::string_view text, const std::string& path, std::vector<Problem>& problems);

}  // namespace romp::config
