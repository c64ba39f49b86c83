// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "options.hpp"
#include "report.hpp"

namespace romp::bench {

/// One kind of load.
struct Scenario {
  const char* name;
  const char* help;
  Result (*run)(const Options&);
};

/// All of them, in the order of --help.
std::span<const Scenario> scenarios();

/// Runs the one that options.scenario names. Throws Failure when the broker fails.
Result run_scenario(const Options& options);

Result run_idle(const Options& options);
Result run_storm(const Options& options);

}  // namespace romp::bench
