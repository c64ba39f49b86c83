// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace romp::support {

class TlsClient;
struct TlsWish;

/// A blocking connection to 127.0.0.1 for tests, by TCP or TLS. One thread.
class Socket {
 public:
  /// With a receive buffer of so many octets; 0: the system's. Throws Failure.
  explicit Socket(std::uint16_t port, int receive_buffer = 0);
  /// One that was accepted, and is to be closed.
  static Socket adopt(int descriptor);
  /// By TLS. Throws Failure with the library's words when there is no agreement.
  Socket(std::uint16_t port, const TlsWish& wish);
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

  /// Null in clear.
  const TlsClient* tls() const noexcept { return tls_.get(); }

 private:
  struct Adopted {
    int descriptor;
  };
  explicit Socket(Adopted adopted) noexcept;

  int descriptor_;
  std::unique_ptr<TlsClient> tls_;
};

}  // namespace romp::support
