// SPDX-License-Identifier: Apache-2.0
#include "plugin/gate.hpp"

#include <chrono>
#include <thread>

namespace romp::plugin {

void Gate::wait() const {
  while (somebody_inside()) std::this_thread::sleep_for(std::chrono::microseconds(100));
}

bool Gate::somebody_inside() const {
  bool found = false;
  ThreadSlot::each([&](const ThreadSlot& slot) {
    for (const auto& layer : slot.layers()) {
      found = found || layer.inside.load(std::memory_order_acquire) == this;
    }
  });
  return found;
}

}  // namespace romp::plugin
