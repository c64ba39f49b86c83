// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <utility>

#include "clock.hpp"

namespace romp::bench {

/// A file descriptor that is closed with its owner.
class Socket {
 public:
  Socket() = default;
  explicit Socket(int fd) : fd_(fd) {}
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&& other) noexcept;
  ~Socket() { close(); }

  int fd() const { return fd_; }
  void close() noexcept;

 private:
  int fd_ = -1;
};

/// Where the broker listens.
struct Endpoint {
  sockaddr_storage address{};
  socklen_t length = 0;

  /// Looks the name up; throws Failure when there is none.
  static Endpoint resolve(const std::string& host, std::uint16_t port);

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
