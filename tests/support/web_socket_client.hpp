// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "support/frame.hpp"
#include "support/http_client.hpp"
#include "support/socket.hpp"

namespace romp::support {

/// A WebSocket client for tests (RFC 6455), written apart from the broker's. It sends frames as it
/// is told, right or wrong. Throws Failure. One thread.
class WebSocketClient {
 public:
  enum Opcode : unsigned { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

  /// Opens the connection and asks for the upgrade.
  explicit WebSocketClient(std::uint16_t port, std::string_view protocols = "v12.stomp",
                           const Headers& more = {})
      : WebSocketClient(Socket(port), protocols, more) {}
  explicit WebSocketClient(Socket socket, std::string_view protocols = "v12.stomp",
                           const Headers& more = {});
  /// The server's answer to the upgrade.
  const HttpAnswer& handshake() const noexcept { return handshake_; }

  struct Shape {
    bool fin = true;
    bool masked = true;
    unsigned rsv = 0;  ///< the three reserved bits
  };
  void frame(Opcode opcode, std::string_view payload) { frame(opcode, payload, Shape()); }
  void frame(Opcode opcode, std::string_view payload, const Shape& shape);
  void raw(std::string_view octets) { socket_.write(octets); }

  struct Message {
    Opcode opcode;
    std::string payload;
  };
  /// The next frame; one of the server is not masked, and messages are put together.
  Message receive();
  /// A close frame with this code; then the server ends the connection.
  void expect_close(unsigned code);

  /// Sends a STOMP frame as a text message.
  void send(std::string_view command, const Headers& headers = {}, std::string_view body = {});
  /// The next STOMP frame, which must be a message of its own.
  Frame expect(std::string_view command);
  /// CONNECT for 1.2; returns CONNECTED.
  Frame connect(const Headers& more = {});
  Opcode last_opcode() const noexcept { return last_opcode_; }
  Socket& socket() noexcept { return socket_; }

 private:
  std::string take(std::size_t count);
  Message receive_frame(bool& fin);

  Socket socket_;
  std::string received_;
  HttpAnswer handshake_;
  Opcode last_opcode_ = text;
};

}  // namespace romp::support
