// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "broker/message.hpp"
#include "stomp/frame.hpp"

namespace romp::session {

/// What a message says of itself beyond its sender's headers.
struct Composition {
  std::string_view destination;
  std::span<const stomp::Header> headers;  ///< headers that concern one hop only are left out
  std::string_view body;
  base::Ptr<base::Shared> body_owner;  ///< set where the body need not be copied
  bool plain = false;                  ///< all this is known to be plain: see stomp/escape
};

/// Renders headers and body once, ready for every receiver.
broker::MessagePtr compose(const Composition& from);

/// A copy for the dead-letter queue, with `dead-letter-from` and `dead-letter-reason`.
broker::MessagePtr compose_dead_letter(const broker::Message& message, std::string_view destination,
                                       std::string_view from, std::string_view reason);

}  // namespace romp::session
