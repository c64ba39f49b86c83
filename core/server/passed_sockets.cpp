// SPDX-License-Identifier: Apache-2.0
#include "server/passed_sockets.hpp"

#include <sys/socket.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <utility>

namespace romp::server {
namespace {

namespace ip = boost::asio::ip;

bool is_same_place(const std::string& one, const std::string& other) {
  boost::system::error_code ignored;
  const auto a = ip::make_address(one, ignored);
  const auto b = ip::make_address(other, ignored);
  return a == b || (a.is_unspecified() && b.is_unspecified());
}

}  // namespace

PassedSockets::~PassedSockets() {
  for (const Socket& socket : sockets_) ::close(socket.descriptor);
}

PassedSockets::PassedSockets(PassedSockets&& other) noexcept
    : sockets_(std::exchange(other.sockets_, {})) {}

PassedSockets& PassedSockets::operator=(PassedSockets&& other) noexcept {
  std::swap(sockets_, other.sockets_);
  return *this;
}

PassedSockets PassedSockets::of_environment() {
  PassedSockets passed;
  const int count = sd_listen_fds(1);
  for (int i = 0; i < count; ++i) passed.sockets_.push_back(look_at(SD_LISTEN_FDS_START + i));
  return passed;
}

PassedSockets::Socket PassedSockets::look_at(int descriptor) {
  Socket socket{descriptor, {}, 0};
  ip::tcp::endpoint end;
  socklen_t length = static_cast<socklen_t>(end.capacity());
  const bool listens = sd_is_socket_inet(descriptor, AF_UNSPEC, SOCK_STREAM, 1, 0) > 0;
  if (!listens || ::getsockname(descriptor, end.data(), &length) != 0) return socket;
  end.resize(length);
  socket.address = end.address().to_string();
  socket.port = end.port();
  return socket;
}

std::optional<int> PassedSockets::take(const std::string& address, std::uint16_t port) {
  const auto found = std::ranges::find_if(sockets_, [&](const Socket& socket) {
    return socket.port == port && port != 0 && is_same_place(socket.address, address);
  });
  if (found == sockets_.end()) return std::nullopt;
  const int descriptor = found->descriptor;
  sockets_.erase(found);
  return descriptor;
}

std::vector<std::string> PassedSockets::not_taken() const {
  std::vector<std::string> sentences;
  for (const auto& [descriptor, address, port] : sockets_) {
    const std::string what =
        "the service manager has passed descriptor " + std::to_string(descriptor) + ", ";
    sentences.push_back(address.empty() ? what + "which is not a TCP socket that listens"
                                        : what + address + " port " + std::to_string(port) +
                                              ", and no listener has this address and port");
  }
  return sentences;
}

}  // namespace romp::server
