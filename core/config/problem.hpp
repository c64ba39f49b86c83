// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace romp::config {

/// One thing that is wrong with the configuration, said so that the operator can mend it.
struct Problem {
  std::string file;
  int line = 0;  ///< from 1; 0: the file as a whole
  std::string text;

  bool operator==(const Problem&) const = default;
};

/// `file:line: text`, with control characters as \xNN.
std::string to_string(const Problem& problem);

}  // namespace romp::config
