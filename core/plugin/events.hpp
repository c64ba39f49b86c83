// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>

#include "romp/plugin.h"

namespace romp::plugin {

/// Something that happened, on its way to the plugins. Views, good for the call.
struct Event {
  std::uint32_t type = 0;  ///< ROMP_EV_*
  romp_session_id session = 0;
  std::string_view user = {};
  std::string_view destination = {};
  std::string_view reason = {};
  std::int64_t value = 0;
};

/// The events that one instance asked for and has not been told yet. Bounded: what does not fit is
/// counted, and told as one ROMP_EV_OVERFLOW. Any thread.
class Events {
 public:
  static constexpr std::size_t most_waiting = 4096;
  static constexpr std::size_t longest_text = 1024;
  using OnEvent = void (*)(void* user, const romp_event* event);

  Events(std::uint64_t mask, OnEvent on_event, void* user) noexcept
      : mask_(mask), on_event_(on_event), user_(user) {}

  bool wants(std::uint32_t type) const noexcept { return (mask_ & ROMP_MASK(type)) != 0; }
  std::uint64_t mask() const noexcept { return mask_; }

  /// True when deliver() is to be called, on the strand.
  bool push(const Event& event, std::int64_t now_ns);
  /// Calls the plugin for some of what waits; true when there is more.
  bool deliver();
  /// Everything that was pushed has been told.
  bool is_idle() {
    const std::lock_guard lock(mutex_);
    return !scheduled_;
  }
  /// Nobody will be told any more.
  void clear();
  std::uint64_t lost() const noexcept { return lost_ever_.load(std::memory_order_relaxed); }

 private:
  struct Kept {
    romp_event raw{};
    std::string user, destination, reason;
  };

  bool take(Kept& kept);
  Kept overflow(std::int64_t now_ns);

  const std::uint64_t mask_;
  const OnEvent on_event_;
  void* const user_;
  std::mutex mutex_;
  std::deque<Kept> waiting_;
  std::int64_t lost_ = 0;  // since the last one that was told
  std::atomic<std::uint64_t> lost_ever_{0};
  bool scheduled_ = false;
};

}  // namespace romp::plugin
