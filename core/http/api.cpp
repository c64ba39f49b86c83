// SPDX-License-Identifier: Apache-2.0
#include "http/api.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "auth/digest.hpp"
#include "http/origin.hpp"

namespace romp::http {
namespace {

using beast::http::field;
using beast::http::verb;

/// The host of "host:port", "[::1]:port" or either without a port.
std::string_view host_in(std::string_view text) {
  if (text.starts_with('[')) return text.substr(1, text.find(']') - 1);
  return text.substr(0, text.find(':'));
}

/// No page can lead such a name to another machine.
bool is_address_or_localhost(std::string_view host) {
  std::array<unsigned char, sizeof(in6_addr)> octets{};
  const std::string text(host);
  return host == "localhost" || ::inet_pton(AF_INET, text.c_str(), octets.data()) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), octets.data()) == 1;
}

/// User and passcode of `Basic base64(user:passcode)`.
void take_basic(std::string_view header, ApiRequest& request) {
  constexpr std::string_view scheme = "Basic ";
  if (!header.starts_with(scheme)) return;
  header.remove_prefix(scheme.size());
  auto octets = auth::from_base64(header);
  std::string text = octets ? std::move(*octets) : std::string();
  const auto colon = text.find(':');
  if (colon == text.npos) return;
  request.login = text.substr(0, colon);
  request.passcode = text.substr(colon + 1);
  auth::forget(text);
}

}  // namespace

bool is_for_administrators(std::string_view path) noexcept {
  return path.starts_with("/api/") || path.starts_with("/romp/");
}

std::optional<Answer> refusal_of_api(const Message& request, bool asks_for_login) {
  const auto method = request.method();
  if (method != verb::get && method != verb::head && method != verb::post) {
    Answer answer = text_answer(405, "this method is not allowed here");
    answer.headers.emplace_back("Allow", "GET, HEAD, POST");
    return answer;
  }
  const auto host = value_of(request, field::host);
  if (!asks_for_login && !is_address_or_localhost(host_in(host))) {
    return text_answer(403,
                       "Host must be an address or localhost where nobody is asked for a login");
  }
  if (request.count(field::origin) != 0 &&
      !may_open_websocket(value_of(request, field::origin), host, {})) {
    return text_answer(403, "pages of another origin may not ask here");
  }
  if (method != verb::post) return std::nullopt;
  if (value_of(request, field::content_type) == "application/json") return std::nullopt;
  return text_answer(415, "a change is asked for with Content-Type: application/json");
}

ApiRequest api_request(const Message& message, std::string_view path, std::string_view query) {
  ApiRequest request;
  request.changes_something = message.method() == verb::post;
  request.path = path;
  request.query = query;
  request.body = message.body();
  take_basic(value_of(message, field::authorization), request);
  return request;
}

}  // namespace romp::http
