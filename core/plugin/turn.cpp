// SPDX-License-Identifier: Apache-2.0
#include "plugin/walk.hpp"

namespace romp::plugin {
namespace {

std::int64_t now_ns() {
  return std::chrono::nanoseconds(base::Clock::now().time_since_epoch()).count();
}

/// Where a thread is too deep for its slot, nobody sees what it does: better than not to do it.
Layer& layer_or_unseen(Layer* layer) noexcept {
  if (layer != nullptr) return *layer;
  static thread_local Layer unseen;
  return unseen;
}

}  // namespace

Instance::Turn::Turn(Instance& instance, Mark mark, Call* call, const char* doing,
                     std::int64_t since)
    : slot_(ThreadSlot::mine()), pushed_(slot_.push()), layer_(layer_or_unseen(pushed_)) {
  begin(instance, mark, call, doing, since);
}

Instance::Turn::Turn(Instance& instance, Mark mark, Call* call, const char* doing,
                     std::int64_t since, bool /*only_if_running*/)
    : slot_(ThreadSlot::mine()), pushed_(slot_.push()), layer_(layer_or_unseen(pushed_)) {
  if (pushed_ == nullptr) return;
  if ((instance.gate_.enter(layer_) & Caution::shut) != 0) {
    Gate::leave(layer_);
    return;
  }
  begin(instance, mark, call, doing, since);
  // It may have been stopped while we waited for our turn.
  if (instance.gate_.closed()) end();
}

Instance::Turn::~Turn() {
  if (is_in_) end();
  if (pushed_ != nullptr) slot_.pop();
}

void Instance::Turn::begin(Instance& instance, Mark mark, Call* call, const char* doing,
                           std::int64_t since) {
  if (instance.gate_.caution().has(Caution::serial)) {
    alone_ = &instance.alone_;
    if (!alone_->try_lock()) {
      alone_->lock();
      since = now_ns();
    }
  }
  layer_.since.store(since, std::memory_order_relaxed);
  layer_.doing.store(doing, std::memory_order_relaxed);
  layer_.plugin.store(instance.door_.name(), std::memory_order_release);
  before_ = current;
  current = {mark, &instance, call, &layer_.why, nullptr, nullptr};
  is_in_ = true;
}

/// The gate comes last: the instance may end as soon as nobody is inside.
void Instance::Turn::end() noexcept {
  is_in_ = false;
  current = before_;
  if (!layer_.why.empty()) layer_.why.clear();
  layer_.plugin.store(nullptr, std::memory_order_relaxed);
  if (alone_ != nullptr) alone_->unlock();
  if (layer_.inside.load(std::memory_order_relaxed) != nullptr) Gate::leave(layer_);
}

bool Instance::Walk::wait_for(Instance& instance) {
  alone_->lock();
  layer_->since.store(now_ns(), std::memory_order_relaxed);
  return !instance.gate_.closed();
}

}  // namespace romp::plugin
