// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>

#include "config/settings.hpp"
#include "server/port_tls.hpp"

namespace romp::server {

/// A port as its clients meet it: what may be spoken, its TLS, what it has counted. Outlives them.
struct Port {
  explicit Port(const config::ListenerSettings& listener) : settings(listener) {
    if (listener.tls.enabled) tls = std::make_unique<PortTls>(listener.name, listener.tls);
  }

  /// Why a client may not come in, and how the metrics call it.
  enum class Limit { connections, address_connections, address_rate, addresses };
  static constexpr std::array<std::string_view, 4> limits{"max_connections", "address_connections",
                                                          "address_rate", "addresses"};

  const config::ListenerSettings& settings;
  std::unique_ptr<PortTls> tls;                                     ///< null: all is in clear
  std::atomic<std::size_t> connections{0};                          ///< counted only with a limit
  std::array<std::atomic<std::uint64_t>, limits.size()> refused{};  ///< by Limit
};

}  // namespace romp::server
