// SPDX-License-Identifier: Apache-2.0
#include "plugin/instance.hpp"

namespace romp::plugin {
namespace {

std::int64_t now_ns() {
  return std::chrono::nanoseconds(base::Clock::now().time_since_epoch()).count();
}

/// Where a thread is too deep for its slot, nobody sees what it does: better than not to do it.
Layer& layer_or_none(Layer* layer) noexcept {
  static thread_local Layer none;
  return layer != nullptr ? *layer : none;
}

}  // namespace

Instance::Turn::Turn(Instance& instance, Mark mark, Call* call, const char* doing,
                     std::int64_t since)
    : slot_(ThreadSlot::mine()), layer_(slot_.push()) {
  begin(instance, mark, call, doing, since);
}

Instance::Turn::Turn(Instance& instance, Mark mark, Call* call, const char* doing,
                     std::int64_t since, bool /*only_if_running*/)
    : slot_(ThreadSlot::mine()), layer_(slot_.push()) {
  if (layer_ == nullptr || !instance.gate_.enter(*layer_)) return;
  begin(instance, mark, call, doing, since);
  // It may have been stopped while we waited for our turn.
  if (!instance.gate_.closed()) return;
  marked_.reset();
  if (alone_.owns_lock()) alone_.unlock();
  layer_->plugin.store(nullptr, std::memory_order_relaxed);
  Gate::leave(*layer_);
}

void Instance::Turn::begin(Instance& instance, Mark mark, Call* call, const char* doing,
                           std::int64_t since) {
  if (instance.serial_) {
    alone_ = std::unique_lock(instance.alone_, std::try_to_lock);
    if (!alone_.owns_lock()) {
      alone_.lock();
      since = now_ns();
    }
  }
  auto& layer = layer_or_none(layer_);
  layer.since.store(since, std::memory_order_relaxed);
  layer.doing.store(doing, std::memory_order_relaxed);
  layer.plugin.store(instance.door_.name(), std::memory_order_release);
  marked_.emplace(mark, instance, call);
}

Instance::Turn::~Turn() {
  if (marked_) {
    marked_.reset();
    layer_or_none(layer_).plugin.store(nullptr, std::memory_order_relaxed);
    if (alone_.owns_lock()) alone_.unlock();  // before leaving: the instance may end then
  }
  if (layer_ == nullptr) return;
  if (layer_->inside.load(std::memory_order_relaxed) != nullptr) Gate::leave(*layer_);
  slot_.pop();
}

}  // namespace romp::plugin
