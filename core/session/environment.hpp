// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "auth/authenticator.hpp"
#include "auth/permissions.hpp"
#include "base/log.hpp"
#include "broker/broker.hpp"
#include "config/settings.hpp"
#include "plugin/host.hpp"
#include "session/administration.hpp"
#include "session/users.hpp"
#include "stomp/parser.hpp"

namespace romp::session {

/// What every session of the broker is given. Outlives them all.
struct Environment {
  const config::Settings& settings;
  broker::Broker& broker;
  auth::Authenticator& authenticator;
  const auth::Permissions& permissions;
  plugin::Host& plugins;
  stomp::Limits limits;                ///< of frames once a session is there
  stomp::Limits early_limits;          ///< and before CONNECTED
  const std::unique_ptr<Users> users;  ///< never null
  base::log::Level access_level;       ///< of lines about clients that came and went
  std::string server_header;           ///< "romp/1.0.0"
  Administer administer;               ///< null: nobody may

  Environment(const config::Settings& settings, broker::Broker& broker,
              auth::Authenticator& authenticator, const auth::Permissions& permissions,
              plugin::Host& plugins);

  /// Sends what a queue gave up on to its dead-letter destination; without one it is dropped.
  void dead_letter(const broker::Destination& from, std::vector<broker::MessagePtr> messages,
                   std::string_view reason) const;
};

}  // namespace romp::session
