// SPDX-License-Identifier: Apache-2.0
#include "plugin/watchdog.hpp"

#include <unistd.h>

#include "base/log.hpp"

namespace romp::plugin {

using std::chrono::milliseconds;

Watchdog::Watchdog(std::string what, base::Duration limit) {
  if (limit <= base::Duration::zero()) return;
  thread_ = std::thread([this, what = std::move(what), limit] { watch(what, limit); });
}

Watchdog::~Watchdog() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    is_done_ = true;
  }
  done_.notify_one();
  thread_.join();
}

void Watchdog::watch(const std::string& what, base::Duration limit) {
  std::unique_lock lock(mutex_);
  if (done_.wait_for(lock, limit, [this] { return is_done_; })) return;
  base::log::error(what + " did not return in " + spoken(limit) + ": the broker ends");
  base::log::flush();
  _exit(1);
}

std::string spoken(base::Duration duration) {
  const auto ms = std::chrono::duration_cast<milliseconds>(duration).count();
  return ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

}  // namespace romp::plugin
