// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <string>

#include "base/clock.hpp"
#include "net/budget.hpp"

struct sockaddr_storage;

namespace romp::net {

/// "127.0.0.1:61613", "[::]:443".
std::string place_of(const std::string& address, std::uint16_t port);

/// Accepts connections on one address and port, and goes on whatever accept says: when descriptors
/// or memory run out it pauses for a moment. One worker.
class Listener {
 public:
  /// Given a connected, non-blocking socket; owns it from then on.
  using Taker = std::function<void(int descriptor, const sockaddr_storage& peer)>;

  /// Where to listen, and how many connections to accept a second; 0: all that come.
  struct Wish {
    std::string address;
    std::uint16_t port = 0;
    std::size_t rate = 0;
  };

  /// A descriptor, told from a port.
  struct OpenSocket {
    int descriptor;
  };

  /// Listens at once; throws std::runtime_error that names address and port.
  Listener(boost::asio::io_context& context, const Wish& wish, Taker taker);
  /// Goes on with a TCP socket that listens already, and owns it, but for others that hold it too.
  Listener(boost::asio::io_context& context, const Wish& wish, OpenSocket open, Taker taker);

  void start();
  /// Closes the listening socket; on the worker's thread, or before it runs.
  void stop();

  std::uint16_t port() const noexcept { return port_; }
  std::string place() const { return place_of(address_, port_); }

 private:
  void accept_loop();
  void accept_all();
  bool is_too_fast();
  void pause(int reason);
  void go_on_at(base::Time time);

  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer timer_;
  Taker taker_;
  Budget rate_;
  std::string address_;
  std::uint16_t port_ = 0;
  bool complained_ = false;
};

}  // namespace romp::net
