// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "clock.hpp"
#include "socket.hpp"

namespace romp::bench {

/// Is told when its socket can be read or written.
class Watcher {
 public:
  virtual void on_ready(bool readable, bool writable) = 0;

 protected:
  ~Watcher() = default;
};

/// Waits for many sockets at once (epoll). One thread.
class Poller {
 public:
  Poller();

  /// Watches for octets to read, and for room to write when asked. The watcher must outlive it.
  void add(int fd, Watcher& watcher, bool want_writable = false);
  void change(int fd, Watcher& watcher, bool want_writable);

  /// Calls the watchers that are ready; waits for the first one not longer than `limit`. A watcher
  /// may end itself in its call, but not another one.
  void wait(Duration limit);

 private:
  void control(int operation, int fd, Watcher& watcher, bool want_writable);

  Socket epoll_;
};

}  // namespace romp::bench
