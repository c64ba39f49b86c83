// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "config/settings.hpp"

namespace romp::config {

/// All that the server listens on: first what `ports`, `admin_port` and the two addresses say in
/// short, each under its port as the name, then the sections [listener NAME].
std::vector<ListenerSettings> all_listeners(const Settings& settings);

/// Ports that are for the web without saying so: 80, 81 and 8000 to 8099.
bool is_web_port(std::uint16_t port) noexcept;

}  // namespace romp::config
