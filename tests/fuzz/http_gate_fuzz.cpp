// SPDX-License-Identifier: Apache-2.0
#include <boost/asio/buffer.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/gate.hpp"
#include "http/message.hpp"
#include "http/origin.hpp"
#include "http/routes.hpp"
#include "http/upgrade.hpp"

/// Requests as a connection reads them: what passes the gate has one host, one length and a path
/// that stays inside.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace romp::http;
  std::string input(reinterpret_cast<const char*>(data), size);
  if (has_folded_line(input)) return 0;
  MessageParser parser;
  parser.eager(true);
  parser.header_limit(4096);
  parser.body_limit(4096);
  beast::error_code error;
  while (!input.empty() && !parser.is_done()) {
    const std::size_t taken = parser.put(boost::asio::buffer(input), error);
    input.erase(0, taken);
    if (error || taken == 0) break;
  }
  if (!parser.is_header_done()) return 0;
  Message& message = parser.get();
  if (refusal_of(message)) return 0;
  if (message.count(beast::http::field::host) > 1) std::abort();
  if (message.count(beast::http::field::content_length) > 1) std::abort();
  const std::string text(view(message.target()));
  const Target target = split_target(text);
  if (target.path != "*" && (target.path.find("/../") != target.path.npos ||
                             target.path.ends_with("/..") || target.path.front() != '/')) {
    std::abort();
  }
  if (wants_websocket(message) && !refusal_of_websocket(message)) choose_subprotocol(message);
  may_open_websocket(value_of(message, beast::http::field::origin),
                     value_of(message, beast::http::field::host), {});
  if (parser.is_done()) request_for_filters(message, target, "x");
  return 0;
}
