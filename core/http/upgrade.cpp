// SPDX-License-Identifier: Apache-2.0
#include "http/upgrade.hpp"

#include <algorithm>
#include <array>
#include <boost/beast/http/rfc7230.hpp>

namespace romp::http {
namespace {

using beast::http::field;
using beast::http::token_list;

/// 16 octets in base64.
bool is_key(std::string_view key) noexcept {
  const auto is_digit = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
  };
  return key.size() == 24 && key.ends_with("==") &&
         std::ranges::all_of(key.substr(0, 22), is_digit);
}

bool offers(const Message& request, std::string_view protocol) {
  const auto [first, last] = request.equal_range(field::sec_websocket_protocol);
  for (auto at = first; at != last; ++at) {
    for (const auto token : token_list(at->value())) {
      if (view(token) == protocol) return true;
    }
  }
  return false;
}

}  // namespace

bool wants_websocket(const Message& request) {
  return token_list(request[field::upgrade]).exists("websocket");
}

std::optional<Refusal> refusal_of_websocket(const Message& request) {
  if (request.method() != beast::http::verb::get || request.version() != 11) {
    return Refusal{400, "a WebSocket begins with GET of HTTP/1.1"};
  }
  if (!token_list(request[field::connection]).exists("upgrade")) {
    return Refusal{400, "Connection must say Upgrade"};
  }
  if (value_of(request, field::sec_websocket_version) != "13") {
    return Refusal{426, "the only Sec-WebSocket-Version is 13"};
  }
  if (request.count(field::sec_websocket_key) != 1 ||
      !is_key(value_of(request, field::sec_websocket_key))) {
    return Refusal{400, "Sec-WebSocket-Key must be 16 octets in base64"};
  }
  return std::nullopt;
}

std::string_view choose_subprotocol(const Message& request) {
  static constexpr std::array<std::string_view, 4> known{"v12.stomp", "v11.stomp", "v10.stomp",
                                                         "stomp"};
  for (const std::string_view protocol : known) {
    if (offers(request, protocol)) return protocol;
  }
  return {};
}

}  // namespace romp::http
