// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <unordered_map>

#include "base/counter.hpp"
#include "config/settings.hpp"
#include "http/desk.hpp"
#include "net/first_bytes.hpp"
#include "net/metered.hpp"
#include "net/transport.hpp"
#include "net/worker.hpp"
#include "plugin/throttle.hpp"
#include "server/port.hpp"
#include "session/roster.hpp"

namespace romp::server {

/// Where the clients of one worker come in: judges by their first octets whether they speak STOMP
/// or HTTP, and hands them on; on a port of TLS it shakes hands before. Who speaks something else
/// is shown the door, with a hint in the log. One worker, but for what says otherwise.
class Entrance {
 public:
  Entrance(net::Worker& worker, session::Roster& roster, http::Desk& desk,
           const config::Settings& settings);
  ~Entrance();

  /// A connected, non-blocking socket, and what was decided about it.
  struct Arriving {
    int descriptor;
    bool is_v6;
    Port& port;
    std::optional<net::Toll> toll{};
    const char* refusal = nullptr;  ///< why it may not come in
  };
  /// Takes it over. Any thread.
  void arrive(Arriving arriving);
  /// A connection that has become a WebSocket: it speaks STOMP.
  void upgraded(std::unique_ptr<net::Transport> socket, const config::ListenerSettings& listener);

  /// All connections of this worker, whatever they speak. Any thread.
  std::size_t load() const noexcept;
  /// Clients that were shown the door. Any thread.
  std::uint64_t foreigners() const noexcept { return foreigners_.value(); }

  /// Ends those that have said nothing yet.
  void close_all();

 private:
  class Newcomer;
  friend class Newcomer;

  void judge(Newcomer& newcomer);
  void hand_to_stomp(Newcomer& newcomer);
  void too_late(Newcomer& newcomer);
  void turn_away(Newcomer& newcomer, net::Protocol protocol);
  void show_the_door(Newcomer& newcomer, std::string_view what);
  void not_secured(Newcomer& newcomer, std::string_view why);
  void not_encrypted(Newcomer& newcomer, std::string_view octets);
  void hint(const std::string& what);
  void leave(Newcomer& newcomer);

  net::Worker& worker_;
  session::Roster& roster_;
  http::Desk& desk_;
  const config::Settings& settings_;
  std::unordered_map<Newcomer*, base::Ptr<Newcomer>> newcomers_;
  std::atomic<std::size_t> refused_{0};  ///< newcomers that are told so
  std::atomic<std::size_t> waiting_{0};  ///< newcomers, those on their way to this worker included
  base::Counter foreigners_;
  plugin::Throttle hints_{5};
};

}  // namespace romp::server
