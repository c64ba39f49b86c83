// SPDX-License-Identifier: Apache-2.0
#include "config/listeners.hpp"

namespace romp::config {

bool is_web_port(std::uint16_t port) noexcept {
  return port == 80 || port == 81 || (port >= 8000 && port <= 8099);
}

bool is_local_address(std::string_view address) {
  return address.starts_with("127.") || address == "::1" || address.starts_with("::ffff:127.");
}

bool takes_clients(const ListenerSettings& listener) {
  return listener.admin || listener.allows("stomp") || listener.allows("websocket");
}

bool asks_for_login(const Settings& settings) noexcept {
  const bool has_login = !settings.login.empty() && !settings.passcode.empty();
  return has_login || !settings.user_file.empty() || !settings.secret.empty();
}

std::vector<ListenerSettings> all_listeners(const Settings& settings) {
  std::vector<ListenerSettings> all;
  for (const std::uint16_t port : settings.ports) {
    ListenerSettings listener;
    listener.name = std::to_string(port);
    listener.port = port;
    listener.admin = port == settings.admin_port && port != 0;
    listener.web = is_web_port(port);
    listener.address = listener.admin ? settings.admin_bind_address : settings.bind_address;
    all.push_back(std::move(listener));
  }
  all.insert(all.end(), settings.listeners.begin(), settings.listeners.end());
  return all;
}

}  // namespace romp::config
