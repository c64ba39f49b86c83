// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace romp::plugin {

/// Counts who is inside and lets nobody in while it is closed. Begins closed. Any thread.
///
/// The owner may end it as soon as wait() has returned, if nobody calls enter() any more.
class Gate {
 public:
  /// False when closed; else leave() must follow.
  bool enter() noexcept;
  void leave() noexcept;

  void open() noexcept { state_.fetch_and(~shut); }
  void close() noexcept { state_.fetch_or(shut); }
  bool closed() const noexcept { return (state_.load() & shut) != 0; }

  /// After close(): returns when all have left.
  void wait();

 private:
  static constexpr std::uint64_t shut = std::uint64_t{1} << 63;

  std::atomic<std::uint64_t> state_{shut};
  std::mutex mutex_;
  std::condition_variable empty_;
};

}  // namespace romp::plugin
