// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "plugin/gateway.hpp"
#include "plugin/outbound.hpp"
#include "plugin/tasks.hpp"

namespace romp::plugin {

/// The outbound connections of one instance. What comes over them, and the end of each, comes on
/// the strand, in order; the end exactly once. Any thread. Held by a shared_ptr, since turns of the
/// strand refer to it.
class Clients : public std::enable_shared_from_this<Clients> {
 public:
  static constexpr std::size_t most = 64;
  /// Octets that wait for the strand; then the server is not read from.
  static constexpr std::size_t mark = std::size_t{1} << 20;

  struct Callbacks {
    void (*on_up)(void*, romp_conn_id, const romp_frame*) = nullptr;
    void (*on_frame)(void*, romp_conn_id, const romp_frame*) = nullptr;
    void (*on_answer)(void*, romp_conn_id, romp_str, const romp_frame*) = nullptr;
    void (*on_down)(void*, romp_conn_id, romp_status, romp_str) = nullptr;
    void (*on_closed)(void*, romp_conn_id) = nullptr;
    void* user = nullptr;
  };

  Clients(Gateway& gateway, std::shared_ptr<Tasks> tasks)
      : gateway_(gateway), tasks_(std::move(tasks)) {}

  /// ROMP_E_AGAIN: too many; ROMP_E_CANCELLED: stopping; what the gateway says, with the reason.
  romp_status open(const OutboundWish& wish, const Callbacks& callbacks, romp_conn_id& id,
                   std::string& why);
  // ROMP_E_GONE: no such connection, or it ends already.
  romp_status send(romp_conn_id id, const Outgoing& frame);
  romp_status submit(romp_conn_id id, std::string_view client, const Outgoing& frame);
  romp_status hold(romp_conn_id id, bool on);
  romp_status restart(romp_conn_id id, std::string_view why);
  romp_status close(romp_conn_id id);
  romp_status status(romp_conn_id id, romp_client_status& out);

  /// By number, for metrics.
  std::vector<std::pair<romp_conn_id, romp_client_status>> all() const;

  /// No more are opened.
  void pause();
  /// Ends all; `run` calls what it is given as the strand would.
  void finish(const std::function<void(const std::function<void()>&)>& run);

 private:
  struct Entry {
    Callbacks callbacks;
    std::shared_ptr<Outbound> outbound;
    std::deque<Arrived> waiting;
    std::size_t waiting_octets = 0;
    std::uint64_t epoch = 0;  // that the plugin knows of; 0: it is down
    bool held = false;        // the server is not read from, since too much waits
    bool closing = false;     // by the plugin
    bool scheduled = false;   // a turn is asked for
  };

  void put(romp_conn_id id, Arrived arrived);
  void wake(romp_conn_id id);
  void turn(romp_conn_id id);
  bool make_known(romp_conn_id id, const std::shared_ptr<Outbound>& outbound);
  bool take(romp_conn_id id, Callbacks& callbacks, Arrived& arrived);
  std::size_t give(romp_conn_id id, const Callbacks& to, const Arrived& arrived);
  bool is_open(romp_conn_id id) const;
  bool end(romp_conn_id id);
  std::shared_ptr<Outbound> find(romp_conn_id id, std::uint64_t* epoch = nullptr) const;
  static void run_turn(void* arg, romp_status status);

  Gateway& gateway_;
  const std::shared_ptr<Tasks> tasks_;
  mutable std::mutex mutex_;
  std::map<romp_conn_id, Entry> entries_;
  romp_conn_id last_ = 0;
  bool paused_ = false;
};

}  // namespace romp::plugin
