// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <string>

#include "base/log.hpp"
#include "config/settings.hpp"
#include "http/api.hpp"
#include "net/websocket.hpp"
#include "plugin/host.hpp"

namespace romp::http {

/// What the HTTP side of a broker is given. Outlives it.
struct Environment {
  const config::Settings& settings;
  plugin::Host& plugins;
  std::string server_header;             ///< "romp/1.0.0"
  net::Cutter cutter = nullptr;          ///< of what is written to WebSockets
  std::function<std::string()> metrics;  ///< the page /metrics. Any thread
  std::function<bool()> is_ready;        ///< does the broker take clients? Any thread

  Api api = nullptr;                               ///< for administrators; null: there is none
  std::function<bool()> asks_for_login = nullptr;  ///< of clients. Any thread

  /// Octets of requests and answers that all connections hold. Any thread.
  std::atomic<std::size_t> held{0};
  base::log::Level access_level{base::log::level_named(settings.access_log)};
  net::DeflateBudget deflate{settings.websockets_deflate_max};
};

}  // namespace romp::http
