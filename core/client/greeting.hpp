// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "client/settings.hpp"
#include "stomp/batch.hpp"
#include "stomp/negotiation.hpp"

namespace romp::client {

/// CONNECT for that address, ready to be sent. A token is made anew each time.
std::string connect_frame(const Settings& settings, const Address& address);

/// What a server's CONNECTED comes to.
struct Greeting {
  stomp::Version version = stomp::Version::v1_0;  ///< which an answer without `version` means
  stomp::HeartBeat beat;
};

/// Throws ProtocolError where the answer is no sound CONNECTED, or for a version that was not
/// offered.
Greeting greeting_of(const Settings& settings, const stomp::Batch& answer);

/// The text of an ERROR: its header `message`, and the first line of the body where that says more.
std::string error_text(const stomp::Batch& batch, const stomp::Batch::Item& error);

}  // namespace romp::client
