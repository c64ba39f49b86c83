// SPDX-License-Identifier: Apache-2.0
#include "support/socket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "support/eventually.hpp"
#include "support/failure.hpp"
#include "support/tls_client.hpp"

namespace romp::support {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const std::string& what) {
  throw Failure(what + ": " + std::strerror(errno));
}

/// False when the time has passed.
bool wait_for(int descriptor, short event, Clock::time_point end) {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
    pollfd one{descriptor, event, 0};
    const int n = ::poll(&one, 1, static_cast<int>(std::max<std::int64_t>(0, left)));
    if (n > 0) return true;
    if (n == 0) return false;
    if (errno != EINTR) fail("poll");
  }
}

}  // namespace

Socket::Socket(std::uint16_t port, int receive_buffer)
    : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (descriptor_ < 0) fail("socket");
  if (receive_buffer != 0) {
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  }
  const int yes = 1;
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return;
  const int why = errno;
  close();
  errno = why;
  fail("cannot connect to port " + std::to_string(port));
}

Socket::Socket(std::uint16_t port, const TlsWish& wish) : Socket(port) {
  tls_ = std::make_unique<TlsClient>(descriptor_, wish);
}

Socket::Socket(Adopted adopted) noexcept : descriptor_(adopted.descriptor) {}

Socket Socket::adopt(int descriptor) { return Socket(Adopted{descriptor}); }

Socket::~Socket() { close(); }

Socket::Socket(Socket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), tls_(std::move(other.tls_)) {}

void Socket::write(std::string_view octets) {
  const auto end = Clock::now() + patience;
  while (!octets.empty()) {
    octets.remove_prefix(write_some(octets));
    if (octets.empty()) return;
    if (!wait_for(descriptor_, POLLOUT, end)) throw Failure("the server has stopped reading");
  }
}

std::size_t Socket::write_some(std::string_view octets) {
  if (tls_) return tls_->write_some(octets);
  const ssize_t n = ::send(descriptor_, octets.data(), octets.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (n >= 0) return static_cast<std::size_t>(n);
  if (errno == EAGAIN || errno == EINTR) return 0;
  fail("cannot send to the server");
}

Socket::Read Socket::read(std::string& into, Clock::time_point end) {
  while (tls_) {
    const auto result = tls_->read(into);
    if (result != Read::nothing) return result;
    if (!wait_for(descriptor_, POLLIN, end)) return Read::nothing;
  }
  if (!wait_for(descriptor_, POLLIN, end)) return Read::nothing;
  std::array<char, 64 * 1024> buffer;
  const ssize_t n = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
  if (n == 0) return Read::closed;
  if (n < 0) return errno == EINTR ? Read::some : Read::reset;
  into.append(buffer.data(), static_cast<std::size_t>(n));
  return Read::some;
}

void Socket::finish_writing() {
  if (tls_) tls_->finish_writing();
  ::shutdown(descriptor_, SHUT_WR);
}

void Socket::reset() {
  const linger at_once{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

void Socket::close() {
  tls_.reset();
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

}  // namespace romp::support
