// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugin/instance.hpp"

namespace romp::plugin {

/// The way of one frame along filters, of any instances: as a Visit to each of them, but what is
/// the same for all is written once, and what an instance needs is kept for its next filter.
///
/// In between the thread counts as inside the last instance, so whatever takes time there, or may
/// stop, leaves it first. One thread; lives on its stack.
class Instance::Walk {
 public:
  explicit Walk(Call& call) noexcept
      : slot_(ThreadSlot::mine()), layer_(slot_.push()), thread_(slot_.number()), before_(current) {
    if (layer_ == nullptr) return;
    layer_->since.store(call.now, std::memory_order_relaxed);
    current = {Mark::session, nullptr, &call, &layer_->why, nullptr, nullptr};
  }
  ~Walk() {
    if (layer_ == nullptr) return;
    leave();
    current = before_;
    slot_.pop();
  }
  Walk(const Walk&) = delete;
  Walk& operator=(const Walk&) = delete;

  /// The call of a filter may begin. False where its instance takes no calls, for ever or for a
  /// while; then it has been left.
  [[gnu::always_inline]] bool enter(const Filter& filter) {
    auto& instance = *filter.instance;
    if (!(&instance == in_ ? stay_in(instance) : change_to(instance, filter.plugin))) {
      leave();
      return false;
    }
    layer_->doing.store(filter.doing, std::memory_order_relaxed);
    return true;
  }
  /// Lets go of the instance, and forgets what it said by fail().
  [[gnu::noinline]] void leave() noexcept {
    if (in_ == nullptr) return;
    in_ = nullptr;
    current.instance = nullptr;
    layer_->why.clear();
    layer_->plugin.store(nullptr, std::memory_order_relaxed);
    if (alone_ != nullptr) unlock();
    Gate::leave(*layer_);
  }

  /// What the call said by fail(); empty when it did not.
  const std::string& why() const noexcept { return layer_->why; }
  /// ThreadSlot::number().
  std::size_t thread() const noexcept { return thread_; }

 private:
  [[gnu::always_inline]] bool change_to(Instance& instance, const char* name) {
    if (in_ == nullptr && layer_ == nullptr) return false;
    if (alone_ != nullptr) unlock();
    auto& layer = *layer_;
    in_ = &instance;
    const auto caution = instance.gate_.enter(layer);
    if (caution != 0 && !(mind(instance, caution) && take_turn(instance, caution))) return false;
    layer.plugin.store(name, std::memory_order_release);
    current.instance = &instance;
    return true;
  }
  [[gnu::always_inline]] static bool stay_in(Instance& instance) {
    const auto caution = instance.gate_.caution().look();
    return caution == 0 || mind(instance, caution);
  }
  /// False where the instance may not be called.
  static bool mind(Instance& instance, Caution::Bits caution) {
    return (caution & ~Caution::serial) == 0 ||
           ((caution & Caution::shut) == 0 && !instance.breaker_.is_open());
  }
  /// Alone in a serial instance. False when it was stopped while we waited for that.
  bool take_turn(Instance& instance, Caution::Bits caution) {
    if ((caution & Caution::serial) == 0) return true;
    alone_ = &instance.alone_;
    return alone_->try_lock() || wait_for(instance);
  }
  bool wait_for(Instance& instance);
  void unlock() noexcept {
    alone_->unlock();
    alone_ = nullptr;
  }

  ThreadSlot& slot_;
  Layer* const layer_;  ///< null: the thread is too deep inside plugins
  const std::size_t thread_;
  const Current before_;
  Instance* in_ = nullptr;
  std::mutex* alone_ = nullptr;
};

}  // namespace romp::plugin
