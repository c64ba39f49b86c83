// SPDX-License-Identifier: Apache-2.0
#include "plugin/gate.hpp"

namespace romp::plugin {

bool Gate::enter() noexcept {
  if ((state_.fetch_add(1) & shut) == 0) return true;
  leave();
  return false;
}

void Gate::leave() noexcept {
  auto seen = state_.load();
  while ((seen & shut) == 0) {
    if (state_.compare_exchange_weak(seen, seen - 1)) return;
  }
  // Under the mutex, so that wait() cannot return while we still touch members.
  const std::lock_guard lock(mutex_);
  state_.fetch_sub(1);
  empty_.notify_all();
}

void Gate::wait() {
  std::unique_lock lock(mutex_);
  empty_.wait(lock, [&] { return state_.load() == shut; });
}

}  // namespace romp::plugin
