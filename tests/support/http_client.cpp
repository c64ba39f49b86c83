// SPDX-License-Identifier: Apache-2.0
#include "support/http_client.hpp"

#include <strings.h>

#include <algorithm>
#include <chrono>

#include "support/eventually.hpp"
#include "support/failure.hpp"

namespace romp::support {
namespace {

bool is_named(const std::pair<std::string, std::string>& header, std::string_view name) {
  return header.first.size() == name.size() &&
         ::strncasecmp(header.first.data(), name.data(), name.size()) == 0;
}

std::string_view take_line(std::string_view& text) {
  const auto end = text.find("\r\n");
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 2);
  return line;
}

HttpAnswer parse_head(std::string_view text) {
  HttpAnswer answer;
  const std::string_view first = take_line(text);
  if (!first.starts_with("HTTP/1.1 ") || first.size() < 12) {
    throw Failure("this is no status line: " + printable(first));
  }
  answer.status = std::stoi(std::string(first.substr(9, 3)));
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    const auto colon = line.find(": ");
    if (colon == line.npos) throw Failure("this is no header: " + printable(line));
    answer.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  return answer;
}

}  // namespace

std::string HttpAnswer::header(std::string_view name) const {
  const auto at = std::ranges::find_if(headers, [&](const auto& h) { return is_named(h, name); });
  return at == headers.end() ? "" : at->second;
}

std::size_t HttpAnswer::count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(headers, [&](const auto& h) { return is_named(h, name); }));
}

void HttpClient::send(std::string_view method, std::string_view target, const Headers& more,
                      std::string_view body) {
  std::string text(method);
  text.append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\n");
  for (const auto& [name, value] : more) text += name + ": " + value + "\r\n";
  if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  raw(text.append("\r\n").append(body));
}

bool HttpClient::read_more() {
  const auto end = std::chrono::steady_clock::now() + patience;
  switch (socket_.read(received_, end)) {
    case Socket::Read::some:
      return true;
    case Socket::Read::nothing:
      throw Failure("no answer came, but: " + printable(received_));
    case Socket::Read::reset:
      throw Failure("the server has reset the connection after: " + printable(received_));
    case Socket::Read::closed:
      break;
  }
  return false;
}

HttpAnswer HttpClient::answer(bool to_head) {
  std::size_t end = 0;
  while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!read_more()) throw Failure("the server closed after: " + printable(received_));
  }
  HttpAnswer answer = parse_head(std::string_view(received_).substr(0, end + 2));
  received_.erase(0, end + 4);
  const std::string length = answer.header("content-length");
  const std::size_t size = to_head || length.empty() ? 0 : std::stoul(length);
  while (received_.size() < size) {
    if (!read_more()) throw Failure("the server closed within a body");
  }
  answer.body = received_.substr(0, size);
  received_.erase(0, size);
  return answer;
}

HttpAnswer HttpClient::get(std::string_view target, const Headers& more) {
  send("GET", target, more);
  return answer();
}

void HttpClient::expect_closed() {
  while (read_more()) {
  }
  if (!received_.empty()) throw Failure("more came: " + printable(received_));
}

HttpAnswer http_get(std::uint16_t port, std::string_view target, const Headers& more) {
  return HttpClient(port).get(target, more);
}

}  // namespace romp::support
