// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <openssl/ssl.h>

#include <cerrno>

#include "failure.hpp"
#include "socket.hpp"

namespace romp::bench {
namespace {

SSL_CTX* context() {
  static SSL_CTX* const made = [] {
    SSL_CTX* const fresh = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_mode(fresh, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(fresh, 1);
    return fresh;
  }();
  return made;
}

}  // namespace

void Socket::secure() {
  tls_ = {SSL_new(context()), SSL_free};
  SSL_set_fd(tls_.get(), fd_);
  const int flags = fcntl(fd_, F_GETFL);
  fcntl(fd_, F_SETFL, flags & ~O_NONBLOCK);
  if (SSL_connect(tls_.get()) != 1) throw Failure("the broker does not speak TLS there");
  fcntl(fd_, F_SETFL, flags);
}

ssize_t Socket::result_of(int result, std::size_t count) {
  if (result == 1) return static_cast<ssize_t>(count);
  const int error = SSL_get_error(tls_.get(), result);
  if (error == SSL_ERROR_ZERO_RETURN) return 0;
  errno = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? EAGAIN : EPROTO;
  return -1;
}

ssize_t Socket::receive(char* into, std::size_t size) {
  if (!tls_) return ::recv(fd_, into, size, 0);
  starved_ = false;
  std::size_t count = 0;
  const int result = SSL_read_ex(tls_.get(), into, size, &count);
  starved_ = result != 1;
  return result_of(result, count);
}

ssize_t Socket::send(std::string_view octets) {
  if (!tls_) return ::send(fd_, octets.data(), octets.size(), MSG_NOSIGNAL);
  std::size_t count = 0;
  const int result = SSL_write_ex(tls_.get(), octets.data(), octets.size(), &count);
  return result_of(result, count);
}

bool Socket::has_unread() const { return tls_ && !starved_ && SSL_has_pending(tls_.get()) != 0; }

}  // namespace romp::bench
