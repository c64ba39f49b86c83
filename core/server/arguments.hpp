// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace romp::server {

/// What the command line asks for.
struct Arguments {
  std::string config;  ///< empty: the installed file where there is one, else defaults
  bool check_config = false;
  bool print_config = false;
  std::vector<std::string> explain;  ///< USER VERB DESTINATION; empty: not asked for
};

/// Reads the command line. Without arguments to go on with, `exit_code` says how to end: help and
/// version have been printed, or what is wrong.
std::optional<Arguments> read_arguments(int argc, char** argv, int& exit_code);

}  // namespace romp::server
