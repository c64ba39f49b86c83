// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "broker/broker.hpp"
#include "config/settings.hpp"
#include "plugin/host.hpp"
#include "server/statistics.hpp"
#include "session/administration.hpp"
#include "session/plugin_gateway.hpp"

namespace romp::server {

/// What administrators may see and do, whatever way they ask. Every change is in the log, as a line
/// that begins with "audit:". There is nothing here that names a file, loads one, or reaches
/// another machine. One thread, that of the control context.
class Administration {
 public:
  /// What only the daemon can do; null: it cannot.
  struct Powers {
    std::function<void()> reload;
    std::function<void()> drain;  ///< and end
    std::function<void()> kill;   ///< end at once
  };
  struct Sources {
    const config::Settings& settings;
    broker::Broker& broker;
    plugin::Host& plugins;
    session::PluginGateway& gateway;
    const Statistics& statistics;
    const std::vector<session::Roster*>& rosters;
    std::function<std::vector<std::uint16_t>()> ports;
    /// Runs the task on every worker and waits.
    std::function<void(const std::function<void(unsigned)>&)> on_every_worker;
  };

  explicit Administration(Sources sources);

  void set_powers(Powers powers) { powers_ = std::move(powers); }

  session::AdminOutcome act(const session::AdminOrder& order);

  nlohmann::ordered_json server() const;
  nlohmann::ordered_json destinations() const;
  nlohmann::ordered_json sessions() const;
  nlohmann::ordered_json subscriptions() const;
  nlohmann::ordered_json plugins() const;
  nlohmann::ordered_json filters() const;

  /// What romp's console asks for, with its keys.
  nlohmann::ordered_json console_config() const;
  nlohmann::ordered_json console_numbers() const;
  /// Null where there is no such destination.
  nlohmann::ordered_json console_destination(std::string_view name) const;

 private:
  session::AdminOutcome purge(const std::string& name);
  using Perms = decltype(session::AdminOrder::perms);
  session::AdminOutcome change(const std::string& name, const Perms& perms);
  session::AdminOutcome close_session(std::uint64_t session);
  static session::AdminOutcome use(const std::function<void()>& power, const char* done);

  const Sources from_;
  Powers powers_;
  const std::int64_t started_;  ///< seconds since 1970
};

}  // namespace romp::server
