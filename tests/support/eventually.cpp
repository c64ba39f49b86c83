// SPDX-License-Identifier: Apache-2.0
#include "support/eventually.hpp"

#include <thread>

namespace romp::support {

bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds at_most) {
  constexpr std::chrono::milliseconds step{2};
  const auto end = std::chrono::steady_clock::now() + at_most;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(step);
  }
  return true;
}

}  // namespace romp::support
