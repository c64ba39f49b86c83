// SPDX-License-Identifier: Apache-2.0
#include "plugin/tasks.hpp"

#include <utility>

namespace romp::plugin {
namespace {

/// So many tasks in a row, then other work of that thread gets its turn.
constexpr int tasks_a_turn = 64;

}  // namespace

romp_status Tasks::post(Task task) {
  std::unique_lock lock(mutex_);
  if (phase_ == Phase::closed) return ROMP_E_CANCELLED;
  if (strand_.size() >= most_waiting) return ROMP_E_AGAIN;
  push({task, 0}, lock);
  return ROMP_OK;
}

romp_status Tasks::post_own(Task task) {
  std::unique_lock lock(mutex_);
  if (phase_ == Phase::closed) return ROMP_E_CANCELLED;
  push({task, 0}, lock);
  return ROMP_OK;
}

romp_status Tasks::post_worker(Task task) {
  std::unique_lock lock(mutex_);
  if (phase_ == Phase::closed) return ROMP_E_CANCELLED;
  if (for_pool_.size() >= most_waiting) return ROMP_E_AGAIN;
  const auto id = ++last_;
  for_pool_.emplace(id, task);
  lock.unlock();
  gateway_.on_pool([self = shared_from_this(), id] { self->work(id); });
  return ROMP_OK;
}

romp_status Tasks::start_timer(base::Duration after, base::Duration every, Task task,
                               romp_timer_id& id) {
  {
    const std::lock_guard lock(mutex_);
    if (phase_ != Phase::open) return ROMP_E_CANCELLED;
    if (timers_.size() >= most_timers) return ROMP_E_AGAIN;
    id = ++last_;
    timers_[id] = {task, every, false, false, {}};
  }
  arm(id, after);
  return ROMP_OK;
}

romp_status Tasks::stop_timer(romp_timer_id id) {
  std::unique_lock lock(mutex_);
  const auto it = timers_.find(id);
  if (it == timers_.end() || it->second.stopped) return ROMP_E_GONE;
  auto& timer = it->second;
  timer.stopped = true;
  const auto cancel = std::move(timer.cancel);
  if (!timer.queued) {
    timer.queued = true;
    push({{}, id}, lock);
  } else {
    lock.unlock();
  }
  if (cancel) cancel();
  return ROMP_OK;
}

void Tasks::pause() {
  const std::lock_guard lock(mutex_);
  if (phase_ == Phase::open) phase_ = Phase::paused;
}

void Tasks::finish() {
  pause();
  wait_for_running();
  for (const auto& [task, mark] : collect()) run_(task, ROMP_E_CANCELLED, mark);
}

void Tasks::wait_for_running() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return running_ == 0; });
}

std::vector<std::pair<Tasks::Task, Mark>> Tasks::collect() {
  std::vector<std::pair<Task, Mark>> rest;
  std::vector<std::function<void()>> cancels;
  {
    const std::lock_guard lock(mutex_);
    phase_ = Phase::closed;
    for (const auto& item : strand_) {
      if (item.timer == 0) rest.emplace_back(item.task, Mark::plugin);
    }
    for (auto& [id, timer] : timers_) {
      rest.emplace_back(timer.task, Mark::plugin);
      if (timer.cancel) cancels.push_back(std::move(timer.cancel));
    }
    for (const auto& [id, task] : for_pool_) rest.emplace_back(task, Mark::worker);
    strand_.clear();
    timers_.clear();
    for_pool_.clear();
  }
  for (const auto& cancel : cancels) cancel();
  return rest;
}

void Tasks::push(Item item, std::unique_lock<std::mutex>& lock) {
  strand_.push_back(item);
  const bool wake = phase_ == Phase::open && !std::exchange(scheduled_, true);
  lock.unlock();
  if (wake) gateway_.on_worker([self = shared_from_this()] { self->strand_turn(); });
}

void Tasks::strand_turn() {
  if (!enter()) return;
  int left = tasks_a_turn;
  while (left > 0 && run_next()) --left;
  if (left == 0) gateway_.on_worker([self = shared_from_this()] { self->strand_turn(); });
  leave();
}

bool Tasks::run_next() {
  Item item;
  romp_status status = ROMP_OK;
  {
    const std::lock_guard lock(mutex_);
    if (phase_ != Phase::open || strand_.empty()) {
      scheduled_ = false;
      return false;
    }
    item = strand_.front();
    strand_.pop_front();
    if (!claim(item, status)) return true;
  }
  run_(item.task, status, Mark::plugin);
  return true;
}

bool Tasks::claim(Item& item, romp_status& status) {
  if (item.timer == 0) return true;
  const auto it = timers_.find(item.timer);
  if (it == timers_.end()) return false;
  auto& timer = it->second;
  item.task = timer.task;
  timer.queued = false;
  if (timer.stopped) status = ROMP_E_CANCELLED;
  if (timer.stopped || timer.every == base::Duration::zero()) timers_.erase(it);
  return true;
}

void Tasks::work(std::uint64_t id) {
  Task task;
  {
    const std::lock_guard lock(mutex_);
    const auto it = for_pool_.find(id);
    if (phase_ != Phase::open || it == for_pool_.end()) return;
    task = it->second;
    for_pool_.erase(it);
    ++running_;
  }
  run_(task, ROMP_OK, Mark::worker);
  leave();
}

bool Tasks::enter() {
  const std::lock_guard lock(mutex_);
  if (phase_ != Phase::open) return false;
  ++running_;
  return true;
}

void Tasks::leave() {
  const std::lock_guard lock(mutex_);
  --running_;
  idle_.notify_all();
}

void Tasks::arm(romp_timer_id id, base::Duration delay) {
  auto cancel = gateway_.after(delay, [self = shared_from_this(), id] { self->on_timer(id); });
  {
    const std::lock_guard lock(mutex_);
    const auto it = timers_.find(id);
    if (it != timers_.end() && !it->second.stopped) {
      it->second.cancel = std::move(cancel);
      return;
    }
  }
  if (cancel) cancel();
}

void Tasks::on_timer(romp_timer_id id) {
  if (!enter()) return;
  const auto every = fire(id);
  if (every > base::Duration::zero()) arm(id, every);
  leave();
}

base::Duration Tasks::fire(romp_timer_id id) {
  std::unique_lock lock(mutex_);
  const auto it = timers_.find(id);
  if (it == timers_.end() || it->second.stopped) return {};
  const auto every = it->second.every;
  // Where it still waits from the last time, this firing is missed.
  if (!std::exchange(it->second.queued, true)) push({{}, id}, lock);
  return every;
}

}  // namespace romp::plugin
