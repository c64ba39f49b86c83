// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "base/clock.hpp"
#include "plugin/current.hpp"
#include "plugin/gateway.hpp"
#include "romp/plugin.h"

namespace romp::plugin {

/// What a plugin asked to be run later: its strand, its timers, its work for the pool.
///
/// Whatever was accepted is run exactly once, with ROMP_OK or with ROMP_E_CANCELLED; a timer that
/// repeats, once with ROMP_E_CANCELLED as its last. Tasks of the strand and timers never overlap.
/// Any thread. Held by a shared_ptr, since what the gateway was given may outlive the instance.
class Tasks : public std::enable_shared_from_this<Tasks> {
 public:
  static constexpr std::size_t most_waiting = 65'536;
  static constexpr std::size_t most_timers = 10'000;

  struct Task {
    romp_task function = nullptr;
    void* arg = nullptr;
  };
  using Run = std::function<void(const Task&, romp_status, Mark)>;

  Tasks(Gateway& gateway, Run run) : gateway_(gateway), run_(std::move(run)) {}

  // ROMP_E_AGAIN: too many are waiting. ROMP_E_CANCELLED: stopping, and the task will not run.
  romp_status post(Task task);
  /// A task of the host's own, of which there are few: never too many, and not counted as such.
  romp_status post_own(Task task);
  romp_status post_worker(Task task);
  romp_status start_timer(base::Duration after, base::Duration every, Task task, romp_timer_id& id);
  /// ROMP_E_GONE: no such timer.
  romp_status stop_timer(romp_timer_id id);

  /// From now on no task begins. Those that are posted yet are kept for finish().
  void pause();
  /// Waits for the tasks that are running, then runs the rest with ROMP_E_CANCELLED, here.
  void finish();

 private:
  enum class Phase { open, paused, closed };
  struct Timer {
    Task task;
    base::Duration every{};
    bool queued = false;   // on the strand
    bool stopped = false;  // its next run is its last
    std::function<void()> cancel;
  };
  struct Item {
    Task task;
    romp_timer_id timer = 0;  // then the task is the timer's
  };

  void push(Item item, std::unique_lock<std::mutex>& lock);
  void strand_turn();
  bool run_next();
  bool claim(Item& item, romp_status& status);
  void work(std::uint64_t id);
  void arm(romp_timer_id id, base::Duration delay);
  void on_timer(romp_timer_id id);
  base::Duration fire(romp_timer_id id);
  bool enter();
  void leave();
  void wait_for_running();
  std::vector<std::pair<Task, Mark>> collect();

  Gateway& gateway_;
  const Run run_;

  std::mutex mutex_;
  std::condition_variable idle_;
  Phase phase_ = Phase::open;
  std::size_t running_ = 0;  // threads that finish() waits for
  bool scheduled_ = false;   // a turn of the strand is under way or asked for
  std::deque<Item> strand_;
  std::map<std::uint64_t, Task> for_pool_;
  std::map<romp_timer_id, Timer> timers_;
  std::uint64_t last_ = 0;
};

}  // namespace romp::plugin
