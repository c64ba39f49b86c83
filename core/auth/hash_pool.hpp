// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace romp::auth {

/// A few threads that check passwords, which takes too long for a worker. They begin with the first
/// task. Any thread.
class HashPool {
 public:
  static constexpr std::size_t most_waiting = 64;

  explicit HashPool(std::size_t threads) : threads_wanted_(threads) {}
  ~HashPool() { stop(); }
  HashPool(const HashPool&) = delete;
  HashPool& operator=(const HashPool&) = delete;

  /// False: too many wait, or it has been stopped; the task is not run.
  bool submit(std::function<void()> task);

  /// Runs what waits, then ends the threads.
  void stop();
  /// True while stop() waits: what is run then should be quick.
  bool is_stopping() const;

 private:
  void run();

  const std::size_t threads_wanted_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> tasks_;
  std::vector<std::thread> threads_;
  bool stopping_ = false;
};

}  // namespace romp::auth
