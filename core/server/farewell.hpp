// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "net/first_bytes.hpp"

namespace romp::server {

/// The last words to a client that is turned away before it has a session, in its own protocol: an
/// ERROR of STOMP, an answer of HTTP with `status`; empty for one that speaks something else.
/// `message` is short, `detail` one sentence.
std::string farewell(net::Protocol protocol, std::string_view message, std::string_view detail,
                     unsigned status = 400);

}  // namespace romp::server
