// SPDX-License-Identifier: Apache-2.0
#include "net/first_bytes.hpp"

#include <algorithm>
#include <array>

namespace romp::net {
namespace {

using namespace std::string_view_literals;

/// What a protocol begins with; a '?' stands for any octet.
struct Opening {
  std::string_view octets;
  Protocol protocol;
  std::string_view name;
};

/// The first that fits counts.
constexpr std::array openings{
    Opening{"GET "sv, Protocol::http, "HTTP"},
    Opening{"HEAD "sv, Protocol::http, "HTTP"},
    Opening{"POST "sv, Protocol::http, "HTTP"},
    Opening{"PUT "sv, Protocol::http, "HTTP"},
    Opening{"DELETE "sv, Protocol::http, "HTTP"},
    Opening{"OPTIONS "sv, Protocol::http, "HTTP"},
    Opening{"PATCH "sv, Protocol::http, "HTTP"},
    Opening{"TRACE "sv, Protocol::http, "HTTP"},
    Opening{"CONNECT {"sv, Protocol::foreign, "NATS"},
    Opening{"CONNECT "sv, Protocol::http, "HTTP"},
    Opening{"PRI * HTTP/2.0"sv, Protocol::foreign, "HTTP/2"},
    Opening{"\x16\x03"sv, Protocol::foreign, "TLS"},
    Opening{"AMQP"sv, Protocol::foreign, "AMQP"},
    Opening{"\x10?\0\x04MQTT"sv, Protocol::foreign, "MQTT"},
    Opening{"\x10??\0\x04MQTT"sv, Protocol::foreign, "MQTT"},
    Opening{"\x10?\0\x06MQIsdp"sv, Protocol::foreign, "MQTT"},
    Opening{"\0???\x01"
            "ActiveMQ"sv,
            Protocol::foreign, "OpenWire"},
    Opening{"*?\r\n$"sv, Protocol::foreign, "Redis"},
    Opening{"PING\r\n"sv, Protocol::foreign, "Redis"},
    Opening{"SSH-"sv, Protocol::foreign, "SSH"},
    Opening{"EHLO "sv, Protocol::foreign, "SMTP"},
    Opening{"HELO "sv, Protocol::foreign, "SMTP"},
};

enum class Fit { no, not_yet, yes };

Fit fit(std::string_view octets, const Opening& opening) noexcept {
  const std::size_t seen = std::min(octets.size(), opening.octets.size());
  for (std::size_t i = 0; i < seen; ++i) {
    if (opening.octets[i] != '?' && opening.octets[i] != octets[i]) return Fit::no;
  }
  return seen == opening.octets.size() ? Fit::yes : Fit::not_yet;
}

/// CONNECT and STOMP fit into the wildcards of others for some octets, and need not wait for them.
bool is_stomp(std::string_view octets) noexcept {
  for (const std::string_view word : {"CONNECT\n"sv, "CONNECT\r"sv, "STOMP\n"sv, "STOMP\r"sv}) {
    if (octets.starts_with(word)) return true;
  }
  return false;
}

}  // namespace

std::optional<FirstImpression> judge_first_bytes(std::string_view octets) noexcept {
  const bool enough = octets.size() >= enough_first_bytes;
  octets.remove_prefix(std::min(octets.find_first_not_of("\r\n"), octets.size()));
  if (is_stomp(octets)) return FirstImpression{};
  bool open = octets.empty();
  for (const Opening& opening : openings) {
    switch (fit(octets, opening)) {
      case Fit::yes:
        if (open && !enough) return std::nullopt;  // what stands before it may fit yet
        return FirstImpression{opening.protocol, opening.name};
      case Fit::not_yet:
        open = true;
        break;
      case Fit::no:
        break;
    }
  }
  if (open && !enough) return std::nullopt;
  return FirstImpression{};
}

}  // namespace romp::net
