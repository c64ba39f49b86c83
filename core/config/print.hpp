// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "config/settings.hpp"

namespace romp::config {

/// The settings as an ini file with the help as comments. What load() reads from it is equal to
/// `settings`, but for two things: secrets are masked in comments, the login that would stand alone
/// without its passcode with them; and `include` is a comment once the files it brought are part
/// of the settings.
std::string print_config(const Settings& settings);

/// The table for `--help` and the manual: by section each key, its default and what it is for.
std::string print_options_help();

/// What etc/romp.ini holds: the defaults, with the paths of an installed server.
Settings shipped_settings();

}  // namespace romp::config
