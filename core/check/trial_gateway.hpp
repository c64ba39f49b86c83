// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "plugin/null_gateway.hpp"

namespace romp::check {

/// A broker that takes everything and does nothing with it, and runs tasks when it is told to. Any
/// thread.
class TrialGateway final : public plugin::NullGateway {
 public:
  romp_status publish(const plugin::Outgoing&) override { return ROMP_OK; }
  romp_status send_to_session(romp_session_id, const plugin::Outgoing&) override { return ROMP_OK; }
  romp_status close_session(romp_session_id, bool, std::string_view) override { return ROMP_OK; }
  romp_status resume(romp_session_id, romp_defer_id, plugin::Resumption) override {
    return ROMP_OK;
  }
  romp_status subscribe(std::string_view, const base::Ptr<plugin::Inbox>&) override {
    return ROMP_OK;
  }
  void on_worker(std::function<void()> task) override { push(std::move(task)); }
  void on_pool(std::function<void()> task) override { push(std::move(task)); }
  std::function<void()> after(base::Duration, std::function<void()> task) override {
    const std::lock_guard lock(mutex_);
    timers_.push_back(std::move(task));
    return {};
  }

  /// Runs what waits, and lets every timer fire once.
  void run() {
    {
      const std::lock_guard lock(mutex_);
      for (auto& timer : timers_) tasks_.push_back(std::move(timer));
      timers_.clear();
    }
    constexpr int most = 10'000;
    for (int i = 0; i < most && run_one(); ++i) {
    }
  }

 private:
  void push(std::function<void()> task) {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }

  bool run_one() {
    std::function<void()> task;
    {
      const std::lock_guard lock(mutex_);
      if (tasks_.empty()) return false;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
    return true;
  }

  std::mutex mutex_;
  std::deque<std::function<void()>> tasks_;
  std::deque<std::function<void()>> timers_;
};

}  // namespace romp::check
