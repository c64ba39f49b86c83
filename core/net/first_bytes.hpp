// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace romp::net {

/// What a client speaks, judged by the first octets it sends.
enum class Protocol {
  stomp,    ///< or nothing that is known: the parser of STOMP says what is wrong with it
  http,     ///< HTTP/1, and so perhaps WebSocket
  foreign,  ///< something that is spoken elsewhere
};

struct FirstImpression {
  Protocol protocol = Protocol::stomp;
  std::string_view name;  ///< of what is foreign: "TLS"
};

/// After so many octets there is always an answer.
inline constexpr std::size_t enough_first_bytes = 1024;

/// Nothing: more octets are needed. Line ends at the beginning count for nothing: STOMP lets them
/// stand before a frame, HTTP before a request (RFC 9112, 2.2).
std::optional<FirstImpression> judge_first_bytes(std::string_view octets) noexcept;

}  // namespace romp::net
