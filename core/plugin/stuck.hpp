// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"

namespace romp::plugin {

/// Finds calls into plugins that do not return. A thread that loops in native code cannot be
/// stopped, but it can be named. One thread.
class StuckCalls {
 public:
  /// One sentence for each call that has lasted longer than `limit` and was not named before:
  /// "plugin x: filter y has not returned for 5 s".
  std::vector<std::string> find(base::Time now, base::Duration limit);

 private:
  using Place = std::pair<std::size_t, std::size_t>;  // thread and layer

  std::map<Place, std::int64_t> named_;  // since when
};

/// From now on a crash is reported with the plugin it happened in, if any, on standard error; the
/// process then ends by the same signal as without.
void report_crashes();

}  // namespace romp::plugin
