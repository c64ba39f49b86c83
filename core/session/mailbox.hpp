// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <vector>

#include "base/cache.hpp"
#include "broker/message.hpp"
#include "session/client_subscription.hpp"

namespace romp::session {

/// A delivery for a session on another worker.
struct Letter {
  ClientSubscription* to;  ///< stays while its connection expects letters
  broker::MessagePtr message;
  std::uint32_t attempts;
};

/// Where other threads leave deliveries for one worker, in the order of their destinations.
class alignas(base::cache_line) Mailbox {
 public:
  /// Any thread. True for the first since it was emptied: the worker must be woken.
  bool put(Letter letter) {
    const std::lock_guard lock(mutex_);
    letters_.push_back(std::move(letter));
    return letters_.size() == 1;
  }

  /// Takes everything; `empty` lends its memory for the next letters.
  void take(std::vector<Letter>& empty) {
    const std::lock_guard lock(mutex_);
    letters_.swap(empty);
  }

 private:
  std::mutex mutex_;
  std::vector<Letter> letters_;
};

}  // namespace romp::session
