// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "plugin/inspect.hpp"
#include "romp/plugin.h"

namespace romp::plugin {

/// A plugin file in memory: its descriptor, or one sentence that says why it is refused.
struct Loaded {
  const romp_plugin* descriptor = nullptr;
  std::string refusal;
};

/// Loads an inspected file and runs its constructors and its entry. Nothing is ever unloaded: code
/// of the plugin may be on a stack, in a list of glog's, in a thread-local. `path` is absolute.
/// `before_entry` is called between the two. [main]
Loaded load_library(const std::filesystem::path& path, const Note& note,
                    const std::function<void()>& before_entry = {});

/// Why a descriptor is refused; empty when it is not. `note` is what the file said before.
std::string refusal_of_descriptor(const romp_plugin* descriptor, const Note& note);

}  // namespace romp::plugin
