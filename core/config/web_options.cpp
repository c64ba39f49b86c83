// SPDX-License-Identifier: Apache-2.0
#include "config/option_row.hpp"

namespace romp::config {
namespace {

using namespace std::chrono_literals;
using enum Change;

/// What a browser sends as Origin: scheme, host and port, nothing behind them.
bool is_origin(const std::string& word) {
  if (word == "*" || word == "null") return true;
  const auto scheme = word.find("://");
  if (scheme == std::string::npos || scheme == 0) return false;
  const std::string host = word.substr(scheme + 3);
  return !host.empty() && host.find_first_of("/*?#@") == std::string::npos;
}

/// What stands in the header Host, without the port.
Kind<std::vector<std::string>> host_names() {
  Kind<std::vector<std::string>> kind = list();
  kind.expects = "names such as example.org, without scheme and port";
  kind.parse = [](std::string_view value) -> std::optional<std::vector<std::string>> {
    auto words = parse_list(value);
    const auto is_name = [](const std::string& word) {
      return word.find_first_of("/:*?#@") == std::string::npos;
    };
    if (!std::ranges::all_of(words, is_name)) return std::nullopt;
    return words;
  };
  return kind;
}

Kind<std::vector<std::string>> origins() {
  Kind<std::vector<std::string>> kind = list();
  kind.expects = "origins such as https://example.org, or *";
  kind.parse = [](std::string_view value) -> std::optional<std::vector<std::string>> {
    auto words = parse_list(value);
    if (!std::ranges::all_of(words, is_origin)) return std::nullopt;
    return words;
  };
  return kind;
}

}  // namespace

Rows<Settings> web_rows() {
  constexpr std::string_view in = "web";
  using S = Settings;
  return {
      row(in, "websockets", &S::websockets, flag(), on_restart, "Let HTTP become WebSocket."),
      row(in, "websockets_origin", &S::websockets_origin, origins(), on_restart,
          "Origins whose pages may open a WebSocket; empty: those of the same host; *: all."),
      row(in, "websockets_deflate", &S::websockets_deflate, flag(), on_restart,
          "Compress for clients that ask for it (permessage-deflate): some 50 KiB each."),
      row(in, "websockets_deflate_max", &S::websockets_deflate_max,
          count<std::size_t>(0, 1'000'000), on_restart,
          "WebSockets that are compressed at one time; the others go without."),
      row(in, "allowed_hosts", &S::allowed_hosts, host_names(), on_restart,
          "Names that the header Host may have; empty: all. Addresses and localhost always may."),
      row(in, "cors_origins", &S::cors_origins, origins(), on_restart,
          "Origins whose pages may read answers to HTTP requests; empty: none; *: all."),
      row(in, "http_max_head", &S::http_max_head, octets(1 * ki, mi), on_restart,
          "Octets of a request line and its headers."),
      row(in, "http_max_body", &S::http_max_body, octets(0, gi), on_restart,
          "Octets in the body of a request."),
      row(in, "http_max_memory", &S::http_max_memory, octets(64 * ki, ki * gi), on_restart,
          "Octets of all requests and answers held; above it they are answered with 503."),
      row(in, "http_head_timeout", &S::http_head_timeout, duration(1ms, 1h), on_restart,
          "Time for the head of a request."),
      row(in, "http_body_timeout", &S::http_body_timeout, duration(1ms, 1h), on_restart,
          "Time for the body of a request."),
      row(in, "http_keep_alive", &S::http_keep_alive, duration(0ms, 1h), on_restart,
          "Silence after which a connection between two requests ends; 0: after each answer."),
      row(in, "http_write_timeout", &S::http_write_timeout, duration(1ms, 1h), on_restart,
          "Time a client has to take some of its answer."),
      row(in, "metrics_destinations", &S::metrics_destinations, count<std::size_t>(0, 1'000'000),
          on_restart, "Destinations that /metrics names; the others are summed up."),
  };
}

}  // namespace romp::config
