// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "broker/broker.hpp"
#include "config/settings.hpp"
#include "http/desk.hpp"
#include "http/environment.hpp"
#include "plugin/host.hpp"
#include "server/admission.hpp"
#include "server/entrance.hpp"
#include "session/roster.hpp"

namespace romp::server {

/// The page /metrics: all numbers of the broker in the text format of Prometheus, version 0.0.4.
/// Any thread.
class Metrics {
 public:
  /// Where the numbers come from. All of it outlives the page.
  struct Sources {
    const config::Settings& settings;
    broker::Broker& broker;
    plugin::Host& plugins;
    const auth::Authenticator& authenticator;
    const http::Environment& http;
    const std::vector<session::Roster*>& rosters;
    const std::vector<std::unique_ptr<http::Desk>>& desks;
    const std::vector<std::unique_ptr<Entrance>>& entrances;
    const std::vector<std::unique_ptr<Port>>& ports;
    const Admission& admission;
  };

  explicit Metrics(Sources sources);

  std::string page() const;

 private:
  void add_server(class Exposition& out) const;
  void add_logins(class Exposition& out) const;
  void add_limits(class Exposition& out) const;
  void add_tls(class Exposition& out) const;
  void add_http(class Exposition& out) const;
  void add_destinations(class Exposition& out) const;
  void add_filters(class Exposition& out) const;
  void add_plugins(class Exposition& out) const;

  const Sources from_;
  const std::int64_t started_;  ///< seconds since 1970
};

}  // namespace romp::server
