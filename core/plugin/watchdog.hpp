// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "base/clock.hpp"

namespace romp::plugin {

/// Ends the process with status 1 when it lives longer than it was given, naming the culprit in
/// the log. A thread that hangs in native code cannot be stopped in any other way.
class Watchdog {
 public:
  /// `what` as in "plugin ping: stop"; no time means no limit.
  Watchdog(std::string what, base::Duration limit);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

 private:
  void watch(const std::string& what, base::Duration limit);

  std::mutex mutex_;
  std::condition_variable done_;
  bool is_done_ = false;
  std::thread thread_;
};

/// "10 s" or "50 ms".
std::string spoken(base::Duration duration);

}  // namespace romp::plugin
