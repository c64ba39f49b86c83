// SPDX-License-Identifier: Apache-2.0
#include "socket.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <thread>

#include "failure.hpp"

namespace romp::bench {
namespace {

[[noreturn]] void fail(const std::string& what, int error) {
  throw Failure(what + ": " + std::generic_category().message(error));
}

const sockaddr* plain(const sockaddr_storage& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

void bind_to_next_loopback(int fd) {
  static std::uint32_t turn = 0;
  const int on = 1;
  setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  sockaddr_in from{};
  from.sin_family = AF_INET;
  from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + turn++ % 64);
  if (bind(fd, reinterpret_cast<const sockaddr*>(&from), sizeof from) != 0) fail("bind", errno);
}

}  // namespace

Socket& Socket::operator=(Socket&& other) noexcept {
  if (this != &other) {
    close();
    fd_ = std::exchange(other.fd_, -1);
    tls_ = std::move(other.tls_);
  }
  return *this;
}

void Socket::close() noexcept {
  tls_.reset();
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

Endpoint Endpoint::resolve(const std::string& host, std::uint16_t port, bool tls) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (error != 0) throw Failure("host " + host + ": " + gai_strerror(error));
  Endpoint endpoint;
  endpoint.tls = tls;
  std::memcpy(&endpoint.address, found->ai_addr, found->ai_addrlen);
  endpoint.length = found->ai_addrlen;
  freeaddrinfo(found);
  return endpoint;
}

bool Endpoint::is_loopback_v4() const {
  if (address.ss_family != AF_INET) return false;
  const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
  return ntohl(v4.sin_addr.s_addr) >> 24 == 127;
}

Socket start_connect(const Endpoint& endpoint) {
  Socket socket(
      ::socket(endpoint.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.fd() < 0) fail("socket", errno);
  if (endpoint.is_loopback_v4()) bind_to_next_loopback(socket.fd());
  const int on = 1;
  setsockopt(socket.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const int result = connect(socket.fd(), plain(endpoint.address), endpoint.length);
  if (result != 0 && errno != EINPROGRESS) fail("connect", errno);
  return socket;
}

void check_connected(int fd) {
  int error = 0;
  socklen_t length = sizeof error;
  if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0) error = errno;
  if (error != 0) fail("connect", error);
}

bool wait_until_accepting(const Endpoint& endpoint, Duration patience) {
  for (const Time end = Clock::now() + patience; Clock::now() < end;) {
    const Socket socket(::socket(endpoint.address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (connect(socket.fd(), plain(endpoint.address), endpoint.length) == 0) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return false;
}

std::uint16_t free_port() {
  const Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  if (bind(socket.fd(), reinterpret_cast<const sockaddr*>(&address), length) != 0 ||
      getsockname(socket.fd(), reinterpret_cast<sockaddr*>(&address), &length) != 0) {
    fail("no free port", errno);
  }
  return ntohs(address.sin_port);
}

std::size_t raise_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

}  // namespace romp::bench
