// SPDX-License-Identifier: Apache-2.0
#include "plugin/thread_slot.hpp"

#include <mutex>
#include <vector>

namespace romp::plugin {

constinit thread_local ThreadSlot* ThreadSlot::of_thread_ = nullptr;

/// Slots are never freed, so that whoever reads one needs no lock for it.
struct ThreadSlot::Registry {
  std::mutex mutex;
  std::vector<ThreadSlot*> all;
  std::vector<ThreadSlot*> spare;
};

struct ThreadSlot::Returner {
  ~Returner() {
    const std::lock_guard lock(registry().mutex);
    registry().spare.push_back(of_thread_);
    of_thread_ = nullptr;
  }
};

ThreadSlot::Registry& ThreadSlot::registry() {
  static auto* const registry = new Registry;
  return *registry;
}

ThreadSlot& ThreadSlot::make() {
  auto& [mutex, all, spare] = registry();
  {
    const std::lock_guard lock(mutex);
    if (spare.empty()) {
      of_thread_ = all.emplace_back(new ThreadSlot(all.size()));
    } else {
      of_thread_ = spare.back();
      spare.pop_back();
    }
  }
  static thread_local const Returner returner;
  (void)returner;
  return *of_thread_;
}

void ThreadSlot::each(const std::function<void(const ThreadSlot&)>& visit) {
  const std::lock_guard lock(registry().mutex);
  for (const auto* slot : registry().all) visit(*slot);
}

}  // namespace romp::plugin
