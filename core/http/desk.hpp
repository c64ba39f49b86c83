// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/counter.hpp"
#include "base/shared.hpp"
#include "config/settings.hpp"
#include "http/environment.hpp"
#include "net/transport.hpp"
#include "net/worker.hpp"

namespace romp::http {

class Connection;

/// What one worker has counted.
struct Counters {
  base::Counter connections;  ///< that began with HTTP
  base::Counter requests;
  base::Counter refused;   ///< answered with 4xx because of their form, size or slowness
  base::Counter upgrades;  ///< to WebSocket
  base::Counter denied;    ///< WebSockets of origins that are not allowed
};

/// All HTTP connections of one worker, and what they share. One worker, but for what says
/// otherwise.
class Desk {
 public:
  /// What the layers above do for it.
  struct Above {
    /// Takes over a connection that has become a WebSocket.
    std::function<void(std::unique_ptr<net::Transport>, const config::ListenerSettings&)> upgraded;
    /// Calls the task where plugins may send and publish.
    std::function<void(const std::function<void()>&)> in_turn;
  };

  Desk(net::Worker& worker, Environment& environment, Above above);
  ~Desk();

  net::Worker& worker() noexcept { return worker_; }
  Environment& environment() noexcept { return environment_; }
  Counters& counters() noexcept { return counters_; }
  const Counters& counters() const noexcept { return counters_; }
  const Above& above() const noexcept { return above_; }
  std::span<char> read_buffer() noexcept { return read_buffer_; }

  /// A client that speaks HTTP.
  void add(std::unique_ptr<net::Transport> transport, const config::ListenerSettings& listener);
  void remove(Connection& connection);
  /// Connections there are. Any thread.
  std::size_t size() const noexcept { return size_.load(std::memory_order_relaxed); }

  /// Ends every connection once the answer that it waits for is written.
  void finish_all();
  void close_all();

 private:
  net::Worker& worker_;
  Environment& environment_;
  const Above above_;
  std::vector<char> read_buffer_;
  Counters counters_;
  std::unordered_map<Connection*, base::Ptr<Connection>> connections_;
  std::atomic<std::size_t> size_{0};
};

}  // namespace romp::http
