// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "config/settings.hpp"

namespace romp::config {

/// All that the server listens on: first what `ports`, `admin_port` and the two addresses say in
/// short, each under its port as the name, then the sections [listener NAME].
std::vector<ListenerSettings> all_listeners(const Settings& settings);

/// An address that only this machine reaches: 127.0.0.0/8 and ::1.
bool is_local_address(std::string_view address);

/// True where clients become sessions, or administrators come in.
bool takes_clients(const ListenerSettings& listener);

/// True where clients need a user, a login or a token to come in.
bool asks_for_login(const Settings& settings) noexcept;

/// Ports that are for the web without saying so: 80, 81 and 8000 to 8099.
bool is_web_port(std::uint16_t port) noexcept;

}  // namespace romp::config
