// SPDX-License-Identifier: Apache-2.0
#include "support/scripted_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "support/eventually.hpp"
#include "support/failure.hpp"

namespace romp::support {

using Clock = std::chrono::steady_clock;

void ServedClient::send(std::string_view command, const Headers& headers, std::string_view body) {
  raw(encode({std::string(command), headers, std::string(body)}, version_));
}

Frame ServedClient::welcome(const Headers& connected) {
  Frame connect = expect("CONNECT");
  send("CONNECTED", connected);
  const Frame answer{"CONNECTED", connected, {}};
  version_ = answer.has("version") ? answer.header("version") : "1.0";
  return connect;
}

/// Nothing: the client has closed.
std::optional<Frame> ServedClient::next() {
  const auto end = Clock::now() + patience;
  while (true) {
    if (auto frame = take_frame(received_, version_, beats_)) return frame;
    switch (socket_.read(received_, end)) {
      case Socket::Read::some:
        break;
      case Socket::Read::nothing:
        throw Failure("nothing came in time");
      default:
        return std::nullopt;
    }
  }
}

Frame ServedClient::expect(std::string_view command) {
  auto frame = next();
  if (!frame) throw Failure("waited for " + std::string(command) + ", the client has closed");
  if (frame->command != command) {
    throw Failure("waited for " + std::string(command) + ", got " + describe(*frame));
  }
  return *frame;
}

void ServedClient::expect_closed() {
  while (next()) {
  }
}

void ServedClient::wait_for_beats(std::size_t count) {
  const auto end = Clock::now() + patience;
  while (beats_ < count) {
    if (socket_.read(received_, end) != Socket::Read::some) throw Failure("no heart-beat came");
    if (take_frame(received_, version_, beats_)) throw Failure("a frame came, no heart-beat");
  }
}

ScriptedServer::ScriptedServer() : ScriptedServer(0) {}

ScriptedServer::ScriptedServer(std::uint16_t port)
    : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const int yes = 1;
  ::setsockopt(descriptor_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const general = reinterpret_cast<sockaddr*>(&address);
  if (::bind(descriptor_, general, size) != 0 || ::listen(descriptor_, 16) != 0 ||
      ::getsockname(descriptor_, general, &size) != 0) {
    throw Failure(std::string("cannot listen: ") + std::strerror(errno));
  }
  port_ = ntohs(address.sin_port);
}

ScriptedServer::~ScriptedServer() { ::close(descriptor_); }

ServedClient ScriptedServer::accept() {
  pollfd one{descriptor_, POLLIN, 0};
  const auto wait = std::chrono::milliseconds(patience).count();
  if (::poll(&one, 1, static_cast<int>(wait)) != 1) throw Failure("no client came");
  return ServedClient(Socket::adopt(::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC)));
}

}  // namespace romp::support
