// SPDX-License-Identifier: Apache-2.0
#include "auth/hash_pool.hpp"

#include <utility>

namespace romp::auth {

bool HashPool::submit(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || tasks_.size() >= most_waiting) return false;
    while (threads_.size() < threads_wanted_) threads_.emplace_back([this] { run(); });
    tasks_.push_back(std::move(task));
  }
  wake_.notify_one();
  return true;
}

void HashPool::run() {
  while (true) {
    std::function<void()> task;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }
}

void HashPool::stop() {
  std::vector<std::thread> threads;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    threads.swap(threads_);
  }
  wake_.notify_all();
  for (auto& thread : threads) thread.join();
}

bool HashPool::is_stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

}  // namespace romp::auth
