// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "check/report.hpp"
#include "plugin/inspect.hpp"

namespace romp::check {

/// What can be seen of a file without running any of it: all that the broker refuses, and what its
/// author should know. Fills the report, and returns what the broker would see.
plugin::Inspection look_at(const std::filesystem::path& file, Report& report);

}  // namespace romp::check
