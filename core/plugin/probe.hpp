// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "base/clock.hpp"
#include "plugin/plan.hpp"

namespace romp::plugin {

/// The first argument by which a program is told to be a probe.
inline constexpr const char* probe_argument = "--probe-plugin";

/// Loads a file, creates and destroys one instance, in a process of its own: what crashes, hangs or
/// ends the process there would have taken the broker with it. `program` is what that process runs:
/// one that calls run_probe() when probe_argument is its first.
///
/// Empty: it did no harm; whether it can be used is for loading to say. Else a sentence: `probe:
/// crashed with SIGSEGV in a constructor`. [main]
std::string probe(const std::filesystem::path& program, const Use& use, base::Duration limit);

/// The probe's own main(). Reads on standard input what it is to try; returns the exit status.
int run_probe();

}  // namespace romp::plugin
