// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

#include "plugin/barrier.hpp"
#include "plugin/caution.hpp"
#include "plugin/thread_slot.hpp"

namespace romp::plugin {

/// Lets nobody in while it is shut, as it is at first, and knows who is inside. Any thread.
///
/// Going in and out costs two stores, since who is inside stands in the slots of the threads. The
/// owner may end it as soon as wait() has returned, if nobody calls enter() any more.
class Gate {
 public:
  explicit Gate(bool serial) noexcept
      : caution_(static_cast<Caution::Bits>(Caution::shut | (serial ? Caution::serial : 0))) {}

  /// What there is to mind inside; with Caution::shut all one may do is leave(), which must follow.
  Caution::Bits enter(Layer& layer) const noexcept {
    layer.inside.store(this, std::memory_order_release);  // it may leave another gate
    light_barrier();
    return caution_.look();
  }
  static void leave(Layer& layer) noexcept {
    layer.inside.store(nullptr, std::memory_order_release);
  }

  void open() noexcept { caution_.drop(Caution::shut); }
  void close() noexcept {
    caution_.raise(Caution::shut);
    heavy_barrier();
  }
  bool closed() const noexcept { return caution_.has(Caution::shut); }
  Caution& caution() noexcept { return caution_; }
  const Caution& caution() const noexcept { return caution_; }

  /// After close(): returns when all have left. It looks again and again, since whoever leaves
  /// must not touch a gate that may have ended.
  void wait() const;

 private:
  bool somebody_inside() const;

  Caution caution_;
};

}  // namespace romp::plugin
