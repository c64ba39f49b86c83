// SPDX-License-Identifier: Apache-2.0
#include "http/answer.hpp"

#include <algorithm>
#include <array>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/status.hpp>
#include <ctime>

namespace romp::http {
namespace {

struct Usual {
  std::string_view name;
  std::string_view value;
};

constexpr std::array usual_headers{
    Usual{"X-Content-Type-Options", "nosniff"},
    Usual{"X-Frame-Options", "DENY"},
    Usual{"Referrer-Policy", "no-referrer"},
    Usual{"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
    Usual{"Cross-Origin-Resource-Policy", "same-origin"},
    Usual{"Cache-Control", "no-store"},
};

void append_line(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

bool has(const Answer& answer, std::string_view name) {
  return std::ranges::any_of(answer.headers, [&](const auto& header) {
    return boost::beast::iequals(header.first, name);
  });
}

/// As RFC 9110, 5.6.7 wants it.
std::string date() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  std::array<char, 40> text{};
  const auto size = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
  return {text.data(), size};
}

/// Neither 1xx nor 204 nor 304 has a body (RFC 9110, 6.4.1).
bool may_have_body(unsigned status) noexcept {
  return status >= 200 && status != 204 && status != 304;
}

void append_usual(std::string& out, const Answer& answer, const Wire& wire) {
  for (const auto& usual : usual_headers) {
    if (!has(answer, usual.name)) append_line(out, usual.name, usual.value);
  }
  if (wire.cors_origin.empty() || has(answer, "Access-Control-Allow-Origin")) return;
  append_line(out, "Access-Control-Allow-Origin", wire.cors_origin);
  if (wire.cors_origin != "*" && !has(answer, "Vary")) append_line(out, "Vary", "Origin");
}

void append_connection(std::string& out, const Answer& answer, const Wire& wire) {
  if (answer.ends_connection || !wire.keep_alive) {
    append_line(out, "Connection", "close");
  } else if (wire.version == 10) {
    append_line(out, "Connection", "keep-alive");
  }
}

}  // namespace

Answer text_answer(unsigned status, std::string_view text) {
  return {status, {}, "text/plain;charset=utf-8", std::string(text) + "\n", false};
}

Answer last_answer(unsigned status, std::string_view text) {
  Answer answer = text_answer(status, text);
  answer.ends_connection = true;
  return answer;
}

std::string render(const Answer& answer, const Wire& wire) {
  const auto reason =
      boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(answer.status));
  std::string out =
      "HTTP/1.1 " + std::to_string(answer.status) + " " + std::string(reason) + "\r\n";
  append_line(out, "Server", wire.server);
  append_line(out, "Date", date());
  if (may_have_body(answer.status)) {
    append_line(out, "Content-Length", std::to_string(answer.body.size()));
  }
  if (!answer.content_type.empty()) append_line(out, "Content-Type", answer.content_type);
  for (const auto& [name, value] : answer.headers) append_line(out, name, value);
  append_usual(out, answer, wire);
  append_connection(out, answer, wire);
  out += "\r\n";
  if (!wire.without_body && may_have_body(answer.status)) out += answer.body;
  return out;
}

}  // namespace romp::http
