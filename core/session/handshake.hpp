// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "session/step.hpp"

namespace romp::session {

class Connection;

/// Takes the first frame of a connection, which must be CONNECT or STOMP: login, version,
/// heart-beat (STOMP 1.2, "Connecting"). Afterwards the connection has a session. Throws
/// ProtocolError.
void shake_hands(Connection& connection, Step& step);

/// The same for a client of the broker's own making, which needs no CONNECT and no password: it is
/// a session of `user`, who has no roles, from now on.
void admit(Connection& connection, const std::string& user);

}  // namespace romp::session
