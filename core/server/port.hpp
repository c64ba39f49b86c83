// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "config/settings.hpp"
#include "server/port_tls.hpp"

namespace romp::server {

/// A port as its clients meet it: what may be spoken, its TLS, what it has counted. Outlives them.
struct Port {
  explicit Port(const config::ListenerSettings& listener) : settings(listener) {
    if (listener.tls.enabled) tls = std::make_unique<PortTls>(listener.name, listener.tls);
  }

  const config::ListenerSettings& settings;
  std::unique_ptr<PortTls> tls;  ///< null: all is in clear
};

}  // namespace romp::server
