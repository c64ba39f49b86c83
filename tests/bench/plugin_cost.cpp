// SPDX-License-Identifier: Apache-2.0
// plugin-cost concurrent|serial|others FILTERS FRAMES: so many frames go through so many empty
// filters, or pass by filters on other destinations. plugin_cost_test.py counts what that takes.
#include <cstdlib>
#include <string_view>

#include "bench/empty_filters.hpp"

int main(int count, char** words) {
  using namespace romp::plugin;
  if (count != 4) return 64;
  const std::string_view kind = words[1];
  const bool others = kind == "others";
  bench::Filters filters(std::atoi(words[2]), others ? "/virt/other-" : nullptr,
                         kind == "concurrent" ? ROMP_PLUGIN_CONCURRENT : 0U);
  const int frames = std::atoi(words[3]);
  int handled = 0;
  for (int i = 0; i < frames; ++i) {
    if (others) {
      handled += bench::is_for_somebody(filters) ? 1 : 0;
    } else {
      handled += filters.chain().run(ROMP_STAGE_FRAME, filters.call()).verdict;
    }
  }
  return handled;
}
