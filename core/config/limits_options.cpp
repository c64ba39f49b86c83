// SPDX-License-Identifier: Apache-2.0
#include "config/option_row.hpp"

namespace romp::config {

using enum Change;

Rows<Settings> limits_rows() {
  constexpr std::string_view in = "limits";
  constexpr std::size_t many = 100'000'000;
  using S = Settings;
  return {
      row(in, "address_connections", &S::address_connections, count<std::size_t>(0, many),
          on_restart, "Connections of one address; what comes then is told so; 0: no limit."),
      row(in, "address_rate", &S::address_rate, count<std::uint32_t>(0, 10'000'000), on_restart,
          "New connections a second of one address; the others are told so; 0: no limit."),
      row(in, "address_octets", &S::address_octets, octets(0, 1024 * gi), on_restart,
          "Octets a second read from one address; more is read later; 0: no limit."),
      row(in, "connection_octets", &S::connection_octets, octets(0, 1024 * gi), on_restart,
          "Octets a second read from one connection; more is read later; 0: no limit."),
      row(in, "session_destinations", &S::session_destinations, count<std::size_t>(0, many),
          on_restart, "Destinations that one session may bring to life; 0: no limit."),
      row(in, "user_sessions", &S::user_sessions, count<std::size_t>(0, many), on_restart,
          "Sessions of one user; a CONNECT more is refused; 0: no limit."),
      row(in, "user_subscriptions", &S::user_subscriptions, count<std::size_t>(0, many), on_restart,
          "Subscriptions of one user in all sessions; one more is refused; 0: no limit."),
  };
}

}  // namespace romp::config
