// SPDX-License-Identifier: Apache-2.0
#include "support/web_socket_client.hpp"

#include <array>
#include <chrono>

#include "support/eventually.hpp"
#include "support/failure.hpp"

namespace romp::support {
namespace {

constexpr std::array<char, 4> mask{'\x37', '\xfa', '\x21', '\x3d'};

void append_number(std::string& out, std::uint64_t number, unsigned octets) {
  while (octets-- != 0) out += static_cast<char>(number >> (8 * octets));
}

std::uint64_t number_of(std::string_view octets) {
  std::uint64_t number = 0;
  for (const char c : octets) number = number << 8 | static_cast<unsigned char>(c);
  return number;
}

void append_length(std::string& out, std::size_t length, bool masked) {
  const unsigned bit = masked ? 0x80 : 0;
  if (length < 126) {
    out += static_cast<char>(bit | length);
  } else if (length < 65536) {
    out += static_cast<char>(bit | 126U);
    append_number(out, length, 2);
  } else {
    out += static_cast<char>(bit | 127U);
    append_number(out, length, 8);
  }
}

std::string head_of_answer(Socket& socket, std::string& received) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (received.find("\r\n\r\n") == std::string::npos) {
    if (socket.read(received, end) != Socket::Read::some) {
      throw Failure("no answer to the upgrade, but: " + printable(received));
    }
  }
  const auto size = received.find("\r\n\r\n") + 4;
  std::string head = received.substr(0, size);
  received.erase(0, size);
  return head;
}

}  // namespace

WebSocketClient::WebSocketClient(Socket socket, std::string_view protocols, const Headers& more)
    : socket_(std::move(socket)) {
  std::string request =
      "GET /stomp HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
      "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  if (!protocols.empty()) {
    request.append("Sec-WebSocket-Protocol: ").append(protocols).append("\r\n");
  }
  for (const auto& [name, value] : more) request += name + ": " + value + "\r\n";
  socket_.write(request + "\r\n");
  const std::string head = head_of_answer(socket_, received_);
  handshake_.status = std::stoi(head.substr(9, 3));
  for (std::size_t at = head.find("\r\n") + 2; at + 2 < head.size();) {
    const auto end = head.find("\r\n", at);
    const auto colon = head.find(": ", at);
    handshake_.headers.emplace_back(head.substr(at, colon - at),
                                    head.substr(colon + 2, end - colon - 2));
    at = end + 2;
  }
}

void WebSocketClient::frame(Opcode opcode, std::string_view payload, const Shape& shape) {
  std::string out;
  out += static_cast<char>((shape.fin ? 0x80U : 0U) | shape.rsv << 4 | opcode);
  append_length(out, payload.size(), shape.masked);
  if (!shape.masked) {
    raw(out.append(payload));
    return;
  }
  out.append(mask.data(), mask.size());
  for (std::size_t i = 0; i < payload.size(); ++i) {
    out += static_cast<char>(payload[i] ^ mask[i % mask.size()]);
  }
  raw(out);
}

std::string WebSocketClient::take(std::size_t count) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (received_.size() < count) {
    if (socket_.read(received_, end) != Socket::Read::some) {
      throw Failure("the server sends no more; there was: " + printable(received_.substr(0, 200)));
    }
  }
  std::string taken = received_.substr(0, count);
  received_.erase(0, count);
  return taken;
}

WebSocketClient::Message WebSocketClient::receive_frame(bool& fin) {
  const std::string head = take(2);
  const auto first = static_cast<unsigned char>(head[0]);
  const auto second = static_cast<unsigned char>(head[1]);
  if ((second & 0x80U) != 0) throw Failure("the server masks");
  if ((first & 0x70U) != 0) throw Failure("the server sets reserved bits");
  fin = (first & 0x80U) != 0;
  std::size_t length = second;
  if (second == 126) length = number_of(take(2));
  if (second == 127) length = number_of(take(8));
  return {static_cast<Opcode>(first & 0x0fU), take(length)};
}

WebSocketClient::Message WebSocketClient::receive() {
  bool fin = false;
  Message message = receive_frame(fin);
  while (!fin) {
    const Message more = receive_frame(fin);
    if (more.opcode != continuation) throw Failure("a message within a message");
    message.payload += more.payload;
  }
  last_opcode_ = message.opcode;
  return message;
}

void WebSocketClient::expect_close(unsigned code) {
  Message message = receive();
  while (message.opcode != close) message = receive();
  const auto got = number_of(std::string_view(message.payload).substr(0, 2));
  if (got != code) {
    throw Failure("close " + std::to_string(got) + " and not " + std::to_string(code));
  }
  frame(close, message.payload);
  const auto end = std::chrono::steady_clock::now() + patience;
  while (true) {
    const auto result = socket_.read(received_, end);
    if (result == Socket::Read::nothing) throw Failure("the server does not end the connection");
    if (result != Socket::Read::some) return;
  }
}

void WebSocketClient::send(std::string_view command, const Headers& headers,
                           std::string_view body) {
  frame(text, encode({std::string(command), headers, std::string(body)}, "1.2"));
}

Frame WebSocketClient::expect(std::string_view command) {
  std::string payload = receive().payload;
  std::size_t beats = 0;
  auto frame = take_frame(payload, "1.2", beats);
  if (!frame || !payload.empty())
    throw Failure("a message is not one frame: " + printable(payload));
  if (frame->command != command) {
    throw Failure("expected " + std::string(command) + ", came " + describe(*frame));
  }
  return std::move(*frame);
}

Frame WebSocketClient::connect(const Headers& more) {
  Headers headers{{"accept-version", "1.2"}, {"host", "localhost"}};
  headers.insert(headers.end(), more.begin(), more.end());
  send("CONNECT", headers);
  return expect("CONNECTED");
}

}  // namespace romp::support
