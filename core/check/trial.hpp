// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "base/clock.hpp"
#include "check/report.hpp"

namespace romp::check {

/// The first argument by which this program is told to be the process that runs a plugin.
inline constexpr const char* trial_argument = "--trial";

struct Wishes {
  bool keys = false;
  bool chain = false;
  bool bench = false;
  std::uint64_t seed = 1;
  base::Duration limit = std::chrono::seconds(60);
  std::map<std::string, std::string> settings;  ///< keys of the plugin's section
};

/// Runs the plugin in a process of its own, with all it may meet. Fills the report.
void run_trial(const std::filesystem::path& file, const Wishes& wishes, Report& report);

/// That process's main().
int trial_main();

}  // namespace romp::check
