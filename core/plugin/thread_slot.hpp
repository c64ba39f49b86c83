// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace romp::plugin {

class Gate;

/// One call into a plugin, as other threads and a crash report may read it. The texts live for
/// ever.
struct Layer {
  std::atomic<const Gate*> inside{nullptr};
  std::atomic<const char*> plugin{nullptr};  ///< name of the instance; null: in none
  std::atomic<const char*> doing{nullptr};   ///< "filter ping"
  std::atomic<std::int64_t> since{0};        ///< ns of the steady clock
  std::string why;  ///< what fail() said; its own thread only, and empty between calls
};

/// Where one thread is inside plugins. It has layers, since a frame that one plugin sends may pass
/// a filter of another. Its own thread writes, any thread reads.
class ThreadSlot {
 public:
  static constexpr std::size_t deepest = 8;

  /// That of this thread; made at its first use, used again after its end.
  static ThreadSlot& mine() { return of_thread_ != nullptr ? *of_thread_ : make(); }
  /// The same, null where the thread has never been in a plugin. Safe in a signal handler.
  static const ThreadSlot* known() noexcept { return of_thread_; }
  /// Visits the slots of all threads.
  static void each(const std::function<void(const ThreadSlot&)>& visit);

  /// Null when the thread is `deepest` layers deep already; else pop() must follow.
  Layer* push() noexcept { return depth_ == deepest ? nullptr : &layers_[depth_++]; }
  void pop() noexcept { --depth_; }
  /// The innermost one, null outside of plugins. Its own thread only.
  const Layer* top() const noexcept { return depth_ == 0 ? nullptr : &layers_[depth_ - 1]; }

  const std::array<Layer, deepest>& layers() const noexcept { return layers_; }
  /// Small, and different for all threads that live at the same time.
  std::size_t number() const noexcept { return number_; }

 private:
  struct Registry;
  struct Returner;

  explicit ThreadSlot(std::size_t number) noexcept : number_(number) {}
  static ThreadSlot& make();
  static Registry& registry();

  static constinit thread_local ThreadSlot* of_thread_;

  std::array<Layer, deepest> layers_;
  std::size_t depth_ = 0;
  const std::size_t number_;
};

}  // namespace romp::plugin
