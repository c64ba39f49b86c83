// SPDX-License-Identifier: Apache-2.0
#include "config/problem.hpp"

#include "base/log.hpp"

namespace romp::config {

std::string to_string(const Problem& problem) {
  const std::string line = problem.line > 0 ? ":" + std::to_string(problem.line) : "";
  return base::log::printable(problem.file + line + ": " + problem.text);
}

}  // namespace romp::config
