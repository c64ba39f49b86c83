// SPDX-License-Identifier: Apache-2.0
#include "http/gate.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace romp::http {
namespace {

using beast::http::field;
using beast::http::verb;

constexpr std::array<std::string_view, 2> schemes{"http://", "https://"};

bool is_hex(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool is_word(std::string_view given, std::string_view word) noexcept {
  return std::ranges::equal(given, word, [](char a, char b) { return lower(a) == b; });
}

/// `.` and `..`, each dot as it is or as %2e.
bool is_dot_segment(std::string_view segment) noexcept {
  std::size_t dots = 0;
  while (!segment.empty()) {
    if (segment.front() == '.') {
      segment.remove_prefix(1);
    } else if (segment.size() >= 3 && is_word(segment.substr(0, 3), "%2e")) {
      segment.remove_prefix(3);
    } else {
      return false;
    }
    ++dots;
  }
  return dots == 1 || dots == 2;
}

/// Every % begins an octet that is neither NUL nor a slash.
bool has_good_escapes(std::string_view text) noexcept {
  for (std::size_t at = text.find('%'); at != text.npos; at = text.find('%', at + 3)) {
    if (text.size() - at < 3 || !is_hex(text[at + 1]) || !is_hex(text[at + 2])) return false;
    const std::string_view octet = text.substr(at + 1, 2);
    if (octet == "00" || is_word(octet, "2f") || is_word(octet, "5c")) return false;
  }
  return true;
}

/// A name or address, and perhaps a port: what RFC 3986 allows there, and nothing else.
bool is_host(std::string_view host) noexcept {
  const auto allowed = [](char c) {
    return is_hex(c) || (lower(c) >= 'a' && lower(c) <= 'z') ||
           std::string_view("-._~:[]").find(c) != std::string_view::npos;
  };
  return !host.empty() && host.size() <= 255 && std::ranges::all_of(host, allowed);
}

std::optional<Refusal> refusal_of_host(const Message& head) {
  const auto hosts = head.count(field::host);
  if (hosts > 1) return Refusal{400, "there is more than one Host header"};
  if (hosts == 0 && head.version() == 11) return Refusal{400, "the Host header is missing"};
  if (hosts == 1 && !is_host(value_of(head, field::host))) {
    return Refusal{400, "the Host header is not a host"};
  }
  return std::nullopt;
}

/// Without the port.
std::string_view name_of(std::string_view host) noexcept {
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.find(':'));
}

bool is_numeric_address(std::string_view name) {
  std::array<unsigned char, sizeof(in6_addr)> binary;
  if (name.starts_with('[')) return true;  // nothing else has brackets
  return ::inet_pton(AF_INET, std::string(name).c_str(), binary.data()) == 1;
}

std::optional<Refusal> refusal_of_framing(const Message& head) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (head.count(field::content_length) > 1 ||
      !std::ranges::all_of(value_of(head, field::content_length), is_digit)) {
    return Refusal{400, "Content-Length must be one number"};
  }
  const auto codings = head.count(field::transfer_encoding);
  if (codings == 0) return std::nullopt;
  if (head.version() != 11) return Refusal{400, "Transfer-Encoding belongs to HTTP/1.1"};
  if (head.count(field::content_length) != 0) {
    return Refusal{400, "Content-Length and Transfer-Encoding exclude each other"};
  }
  if (codings > 1 || !is_word(value_of(head, field::transfer_encoding), "chunked")) {
    return Refusal{501, "the only Transfer-Encoding is chunked"};
  }
  return std::nullopt;
}

std::optional<Refusal> refusal_of_target(const Message& head) {
  const std::string_view target = view(head.target());
  if (target == "*" && head.method() == verb::options) return std::nullopt;
  if (!std::ranges::all_of(target, [](char c) { return c > ' ' && c < '\x7f'; })) {
    return Refusal{400, "the target has octets that must be escaped"};
  }
  if (target.find('#') != target.npos) return Refusal{400, "the target has a fragment"};
  if (const auto problem = problem_of_path(split_target(target).path); !problem.empty()) {
    return Refusal{400, problem};
  }
  return std::nullopt;
}

}  // namespace

std::string_view problem_of_path(std::string_view path) noexcept {
  if (path.empty() || path.front() != '/') return "the path does not begin with a slash";
  if (path.find('\\') != path.npos) return "the path has a backslash";
  if (!has_good_escapes(path)) {
    return "the path has a bad escape, or one of a slash, a backslash or NUL";
  }
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    if (is_dot_segment(path.substr(0, end))) return "the path has a dot segment";
    path.remove_prefix(end);
  }
  return {};
}

Target split_target(std::string_view target) noexcept {
  for (const std::string_view scheme : schemes) {
    if (target.size() <= scheme.size() || !is_word(target.substr(0, scheme.size()), scheme))
      continue;
    const std::size_t begin = std::min(target.find_first_of("/?", scheme.size()), target.size());
    target.remove_prefix(begin);
    if (target.empty() || target.front() == '?') {
      if (target.empty()) return {"/", std::nullopt};
      return {"/", target.substr(1)};
    }
  }
  const std::size_t mark = target.find('?');
  if (mark == target.npos) return {target, std::nullopt};
  return {target.substr(0, mark), target.substr(mark + 1)};
}

bool has_folded_line(std::string_view head) noexcept {
  const auto end = head.find("\r\n\r\n");
  if (end == head.npos) return false;
  head = head.substr(0, end);
  return head.find("\r\n ") != head.npos || head.find("\r\n\t") != head.npos;
}

std::optional<Refusal> refusal_of(const Message& head) {
  if (head.version() != 10 && head.version() != 11) {
    return Refusal{505, "the versions are HTTP/1.1 and HTTP/1.0"};
  }
  if (auto refusal = refusal_of_host(head)) return refusal;
  if (auto refusal = refusal_of_framing(head)) return refusal;
  if (auto refusal = refusal_of_target(head)) return refusal;
  const auto expect = value_of(head, field::expect);
  if (!expect.empty() && !is_word(expect, "100-continue")) {
    return Refusal{417, "the only expectation is 100-continue"};
  }
  return std::nullopt;
}

std::optional<Refusal> refusal_of_name(const Message& head,
                                       const std::vector<std::string>& allowed) {
  if (allowed.empty() || head.count(field::host) == 0) return std::nullopt;
  std::string_view name = name_of(value_of(head, field::host));
  if (name.ends_with('.')) name.remove_suffix(1);
  const auto is_this = [name](std::string_view word) { return beast::iequals(word, name); };
  if (is_this("localhost") || is_numeric_address(name)) return std::nullopt;
  if (std::ranges::any_of(allowed, is_this)) return std::nullopt;
  return Refusal{421, "this server does not go by that name"};
}

Refusal refusal_of(beast::error_code error) {
  using Error = beast::http::error;
  if (error == Error::header_limit) return {431, "the head of the request is too large"};
  if (error == Error::body_limit) return {413, "the body of the request is too large"};
  if (error == Error::bad_version) return {505, "the versions are HTTP/1.1 and HTTP/1.0"};
  return {400, "this is not a request of HTTP/1.1"};
}

}  // namespace romp::http
