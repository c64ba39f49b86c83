// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "http/gate.hpp"
#include "http/message.hpp"

namespace romp::http {

/// Does the request ask to become a WebSocket?
bool wants_websocket(const Message& request);

/// What is wrong with such a request; nothing: it can be accepted (RFC 6455, 4.2.1). A wrong
/// version is 426.
std::optional<Refusal> refusal_of_websocket(const Message& request);

/// The best of what the client offers: v12.stomp, v11.stomp, v10.stomp, stomp; empty where it
/// offers none of them.
std::string_view choose_subprotocol(const Message& request);

}  // namespace romp::http
