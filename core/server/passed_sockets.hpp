// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace romp::server {

/// Listening sockets that the service manager has opened for the daemon (sd_listen_fds(3)), such as
/// those on ports below 1024. Closes those that nobody takes. One thread.
class PassedSockets {
 public:
  PassedSockets() = default;
  ~PassedSockets();
  PassedSockets(PassedSockets&& other) noexcept;
  PassedSockets& operator=(PassedSockets&& other) noexcept;

  /// Takes them out of the environment, so that no child believes they were meant for it. Before
  /// there are other threads.
  static PassedSockets of_environment();

  /// The one that listens there; the caller owns it. Every address is as good as `::`, whichever
  /// family it is written in. Nothing when none was passed.
  std::optional<int> take(const std::string& address, std::uint16_t port);

  /// One sentence for each that was not taken.
  std::vector<std::string> not_taken() const;

 private:
  struct Socket {
    int descriptor = -1;
    std::string address;  ///< empty: not a TCP socket that listens
    std::uint16_t port = 0;
  };

  static Socket look_at(int descriptor);

  std::vector<Socket> sockets_;
};

}  // namespace romp::server
