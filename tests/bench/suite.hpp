// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "options.hpp"
#include "report.hpp"

namespace romp::bench {

/// Runs every figure that romp is judged by, one after the other, each for a short time; says on
/// stderr where it is. A run that fails becomes a Result with the reason, and the rest go on.
std::vector<Result> run_suite(const Options& options);

}  // namespace romp::bench
