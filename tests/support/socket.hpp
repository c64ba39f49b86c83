// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace romp::support {

/// A blocking TCP connection to 127.0.0.1 for tests. One thread.
class Socket {
 public:
  /// With a receive buffer of so many octets; 0: the system's. Throws Failure.
  explicit Socket(std::uint16_t port, int receive_buffer = 0);
  /// One that was accepted, and is to be closed.
  static Socket adopt(int descriptor) { return Socket(Adopted{descriptor}); }
  ~Socket();
  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&&) = delete;

  /// Throws Failure when the other side does not take it in time or has closed.
  void write(std::string_view octets);
  /// The same without waiting: how much was taken.
  std::size_t write_some(std::string_view octets);

  enum class Read { some, closed, reset, nothing };
  /// Appends what has come, and waits for it until `end`.
  Read read(std::string& into, std::chrono::steady_clock::time_point end);

  /// Says that nothing more will be sent.
  void finish_writing();
  /// Closes in such a way that the other side sees a reset.
  void reset();
  void close();

 private:
  struct Adopted {
    int descriptor;
  };
  explicit Socket(Adopted adopted) noexcept : descriptor_(adopted.descriptor) {}

  int descriptor_;
};

}  // namespace romp::support
