// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "support/frame.hpp"
#include "support/socket.hpp"

namespace romp::support {

/// An answer of HTTP/1.1 as it came.
struct HttpAnswer {
  int status = 0;
  Headers headers;
  std::string body;

  /// The first header of that name, in whatever case; empty where there is none.
  std::string header(std::string_view name) const;
  std::size_t count(std::string_view name) const;
};

/// An HTTP client for tests, which sends what it is told, right or wrong. Throws Failure when the
/// answer does not come, or is none. One thread.
class HttpClient {
 public:
  explicit HttpClient(std::uint16_t port) : socket_(port) {}
  explicit HttpClient(Socket socket) : socket_(std::move(socket)) {}

  void raw(std::string_view octets) { socket_.write(octets); }
  /// A request with Host and these headers; with a body also Content-Length.
  void send(std::string_view method, std::string_view target, const Headers& more = {},
            std::string_view body = {});
  /// The next answer; that to HEAD has no body.
  HttpAnswer answer(bool to_head = false);
  HttpAnswer get(std::string_view target, const Headers& more = {});

  /// What has come behind the last answer.
  const std::string& rest() const noexcept { return received_; }
  /// The server closes in order, and nothing more has come.
  void expect_closed();
  Socket& socket() noexcept { return socket_; }

 private:
  bool read_more();

  Socket socket_;
  std::string received_;
};

/// On a connection of its own.
HttpAnswer http_get(std::uint16_t port, std::string_view target, const Headers& more = {});

}  // namespace romp::support
