// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "net/websocket.hpp"
#include "unit/net/memory_transport.hpp"

namespace romp::net {

/// A WebSocket over a wire in memory, and a user that reads all there is.
class WebSocketRig {
 public:
  explicit WebSocketRig(const WebSocketOptions& options = {}, Cutter cutter = whole,
                        std::string early = "") {
    auto below = std::make_unique<MemoryTransport>(worker.context(), wire);
    transport = below.get();
    std::unique_ptr<Transport> stream = std::move(below);
    WebSocket::Request request{boost::beast::http::verb::get, "/", 11};
    request.set("Host", "h");
    request.set("Connection", "Upgrade");
    request.set("Upgrade", "websocket");
    request.set("Sec-WebSocket-Version", "13");
    request.set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
    if (options.deflate != nullptr) request.set("Sec-WebSocket-Extensions", "permessage-deflate");
    socket = WebSocket::accept(worker, stream, request, "v12.stomp", "romp", cutter, options);
    user = new User(*this);
    wire.got.clear();
    if (!early.empty()) socket->put_back(std::move(early));
    socket->wait_readable(*user);
  }
  ~WebSocketRig() {
    socket.reset();
    worker.context().restart();
    worker.context().poll();
  }
  WebSocketRig(const WebSocketRig&) = delete;
  WebSocketRig& operator=(const WebSocketRig&) = delete;

  /// Until nobody can go on.
  void run() {
    while (transport->turn()) {
    }
  }

  /// A frame of a client, masked with zeros.
  static std::string frame(unsigned first, std::string_view payload) {
    std::string out{static_cast<char>(first)};
    if (payload.size() < 126) {
      out += static_cast<char>(0x80U | payload.size());
    } else {
      out += '\xfe';
      out += static_cast<char>(payload.size() >> 8);
      out += static_cast<char>(payload.size());
    }
    return out.append(4, '\0').append(payload);
  }

  /// Everything is one message.
  static Cut whole(std::span<const iovec> pieces) {
    std::size_t size = 0;
    for (const iovec& piece : pieces) size += piece.iov_len;
    return {size, true, true};
  }

  class User final : public TransportUser {
   public:
    explicit User(WebSocketRig& rig) : rig_(rig) {}
    void on_readable(error_code) override {
      if (rig_.socket == nullptr) return;
      std::array<char, 700> room;
      const iovec into{room.data(), room.size()};
      error_code error;
      const std::size_t n = rig_.socket->read_some({&into, 1}, error);
      ++rig_.readable;
      rig_.read.append(room.data(), n);
      if (error && error != boost::asio::error::would_block) {
        rig_.end = error;
      } else if (rig_.reads_on) {
        rig_.socket->wait_readable(*this);
      }
    }
    void on_writable(error_code) override { ++rig_.writable; }

   private:
    WebSocketRig& rig_;
  };

  Worker worker{0};
  Wire wire;
  MemoryTransport* transport = nullptr;
  std::unique_ptr<WebSocket> socket;
  base::Ptr<User> user;
  std::string read;
  error_code end;
  bool reads_on = true;
  int writable = 0;
  int readable = 0;
};

}  // namespace romp::net
