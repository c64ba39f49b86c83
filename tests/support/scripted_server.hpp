// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "support/frame.hpp"
#include "support/socket.hpp"

namespace romp::support {

/// The server's end of one connection: a test says what it answers. Throws Failure. One thread.
class ServedClient {
 public:
  explicit ServedClient(Socket socket) : socket_(std::move(socket)) {}

  void raw(std::string_view octets) { socket_.write(octets); }
  void send(std::string_view command, const Headers& headers = {}, std::string_view body = {});
  /// Takes CONNECT and answers that with CONNECTED; returns CONNECT.
  Frame welcome(const Headers& connected = {{"version", "1.2"}});

  /// The next frame, which must be this one.
  Frame expect(std::string_view command);
  /// The client closes, after whatever else it says.
  void expect_closed();
  /// Waits until so many line ends have come between frames.
  void wait_for_beats(std::size_t count);
  std::size_t beats() const noexcept { return beats_; }
  Socket& socket() noexcept { return socket_; }

 private:
  std::optional<Frame> next();

  Socket socket_;
  std::string version_ = "1.0";
  std::string received_;
  std::size_t beats_ = 0;
};

/// A server on a free port of 127.0.0.1 that does what a test says. One thread.
class ScriptedServer {
 public:
  ScriptedServer();
  /// On that port, which has been in use before.
  explicit ScriptedServer(std::uint16_t port);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::uint16_t port() const noexcept { return port_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  /// The next client; throws Failure where none comes.
  ServedClient accept();

 private:
  int descriptor_;
  std::uint16_t port_ = 0;
};

}  // namespace romp::support
