// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/problem.hpp"

namespace romp::config {

struct IniEntry {
  std::string key;
  std::string value;  ///< without blanks at both ends, may be empty
  int line = 0;
};

/// A section as it is written: a name that comes twice gives two of them, and one without keys is
/// there too.
struct IniSection {
  std::string name;
  int line = 0;
  std::vector<IniEntry> entries;
};

struct IniFile {
  std::string path;
  std::vector<IniSection> sections;
};

/// Longer section names and lines are problems, never cut.
constexpr std::size_t longest_section_name = 49;
constexpr std::size_t longest_line = 65'533;

/// Splits ini text into sections and `key = value` (or `key: value`), in the order written.
///
/// A comment is a line that begins with `;` or `#`, or the rest of a line from a `;` behind a
/// blank: `a = b ; note` is `b`, `a = b;c` is `b;c`, `a = b # c` is `b # c`. Each line stands
/// alone: an indented one continues nothing. What cannot be read adds a problem and is left out.
/// Any thread.
IniFile parse_ini(std::string_view text, const std::string& path, std::vector<Problem>& problems);

}  // namespace romp::config
