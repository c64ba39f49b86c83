// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

#include "plugin/barrier.hpp"
#include "plugin/thread_slot.hpp"

namespace romp::plugin {

/// Lets nobody in while it is closed, and knows who is inside. Begins closed. Any thread.
///
/// Going in and out costs two stores, since who is inside stands in the slots of the threads. The
/// owner may end it as soon as wait() has returned, if nobody calls enter() any more.
class Gate {
 public:
  /// False when closed; else leave() must follow.
  bool enter(Layer& layer) const noexcept {
    layer.inside.store(this, std::memory_order_release);  // it may leave another gate
    light_barrier();
    if (!shut_.load(std::memory_order_acquire)) return true;
    leave(layer);
    return false;
  }
  static void leave(Layer& layer) noexcept {
    layer.inside.store(nullptr, std::memory_order_release);
  }

  void open() noexcept { shut_.store(false); }
  void close() noexcept {
    shut_.store(true);
    heavy_barrier();
  }
  bool closed() const noexcept { return shut_.load(std::memory_order_acquire); }

  /// After close(): returns when all have left. It looks again and again, since whoever leaves
  /// must not touch a gate that may have ended.
  void wait() const;

 private:
  bool somebody_inside() const;

  std::atomic<bool> shut_{true};
};

}  // namespace romp::plugin
