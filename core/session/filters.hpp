// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "session/step.hpp"

namespace romp::session {

class Connection;

enum class Passed {
  on,        ///< no filter took it: the next stage, then the broker's own effect
  handled,   ///< a filter did everything; the receipt has been sent
  rejected,  ///< ERROR has been sent
  deferred,  ///< a filter will say later; `step` says where to go on
};

/// Lets the filters of one stage see a client's frame, and does what their verdict asks for.
Passed pass_filters(Connection& connection, Step& step, std::uint32_t stage);

/// Lets those of the stage FRAME see it that need no body, while `body_size` octets of it are still
/// to come: what they refuse is never taken into memory. Never `deferred`.
Passed pass_early_filters(Connection& connection, Step& step, std::size_t body_size);

/// Sends the ERROR of a filter that rejects: the session goes on unless it is fatal (as in romp).
void reject(Connection& connection, const Step& step, const std::string& reply,
            const std::string& log, bool fatal);

}  // namespace romp::session
