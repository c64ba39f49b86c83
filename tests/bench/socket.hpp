// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "clock.hpp"

struct ssl_st;

namespace romp::bench {

/// A connection that is closed with its owner; in clear, or by TLS.
class Socket {
 public:
  Socket() = default;
  explicit Socket(int fd) : fd_(fd) {}
  Socket(Socket&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), tls_(std::move(other.tls_)) {}
  Socket& operator=(Socket&& other) noexcept;
  ~Socket() { close(); }

  int fd() const { return fd_; }
  void close() noexcept;

  /// Shakes hands and waits for it; believes every certificate. Throws Failure.
  void secure();

  // As recv and send: below 0 with EAGAIN when nothing can be done now.
  ssize_t receive(char* into, std::size_t size);
  ssize_t send(std::string_view octets);
  /// Octets have come that the system does not know of any more.
  bool has_unread() const;

 private:
  ssize_t result_of(int result, std::size_t count);

  int fd_ = -1;
  std::shared_ptr<ssl_st> tls_;  ///< null: in clear
  bool starved_ = false;
};

/// Where the broker listens.
struct Endpoint {
  sockaddr_storage address{};
  socklen_t length = 0;
  bool tls = false;

  /// Looks the name up; throws Failure when there is none.
  static Endpoint resolve(const std::string& host, std::uint16_t port, bool tls = false);

  bool is_loopback_v4() const;
};

/// Begins to connect, without waiting. Each call from loopback to loopback takes another address of
/// 127.0.0.0/8, so that closed connections in TIME_WAIT do not use the ports up.
Socket start_connect(const Endpoint& endpoint);

/// Throws Failure when the connection that start_connect began could not be made.
void check_connected(int fd);

/// Waits until the endpoint accepts a connection, at most so long; returns whether it does.
bool wait_until_accepting(const Endpoint& endpoint, Duration patience);

/// A TCP port of 127.0.0.1 that nobody listens on at the moment.
std::uint16_t free_port();

/// Allows as many open files as the system lets us; returns how many.
std::size_t raise_file_limit();

}  // namespace romp::bench
