// SPDX-License-Identifier: Apache-2.0
#include "net/listener.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <stdexcept>

#include "base/log.hpp"

namespace romp::net {

std::string place_of(const std::string& address, std::uint16_t port) {
  const bool has_colons = address.find(':') != address.npos;
  return (has_colons ? '[' + address + ']' : address) + ':' + std::to_string(port);
}

namespace {

namespace asio = boost::asio;

constexpr int backlog = 4096;
constexpr int accepts_a_turn = 256;
constexpr auto rest = std::chrono::milliseconds(100);

bool is_one_connection_only(int error) {
  return error == ECONNABORTED || error == EINTR || error == EPROTO || error == EPERM;
}

}  // namespace

Listener::Listener(asio::io_context& context, const Wish& wish, Taker taker)
    : acceptor_(context),
      timer_(context),
      taker_(std::move(taker)),
      rate_(wish.rate),
      address_(wish.address) {
  try {
    const asio::ip::tcp::endpoint end(asio::ip::make_address(wish.address), wish.port);
    acceptor_.open(end.protocol());
    acceptor_.set_option(asio::socket_base::reuse_address(true));
    acceptor_.bind(end);
    acceptor_.listen(backlog);
    acceptor_.native_non_blocking(true);
    port_ = acceptor_.local_endpoint().port();
  } catch (const boost::system::system_error& e) {
    throw std::runtime_error("cannot listen on " + wish.address + " port " +
                             std::to_string(wish.port) + ": " + e.code().message());
  }
}

Listener::Listener(asio::io_context& context, const Wish& wish, OpenSocket open, Taker taker)
    : acceptor_(context),
      timer_(context),
      taker_(std::move(taker)),
      rate_(wish.rate),
      address_(wish.address) {
  try {
    asio::ip::tcp::endpoint end;
    socklen_t length = static_cast<socklen_t>(end.capacity());
    ::getsockname(open.descriptor, end.data(), &length);
    end.resize(length);
    acceptor_.assign(end.protocol(), open.descriptor);
    acceptor_.native_non_blocking(true);
    port_ = end.port();
  } catch (const boost::system::system_error& e) {
    throw std::runtime_error("cannot listen on " + wish.address +
                             ", which was passed as descriptor " + std::to_string(open.descriptor) +
                             ": " + e.code().message());
  }
}

void Listener::start() { accept_loop(); }

/// Released before it is closed: where the service manager holds the socket too, closing alone
/// would not take it out of the set that the worker waits for.
void Listener::stop() {
  timer_.cancel();
  if (!acceptor_.is_open()) return;
  boost::system::error_code ignored;
  const int descriptor = acceptor_.release(ignored);
  if (!ignored) ::close(descriptor);
}

void Listener::accept_loop() {
  acceptor_.async_wait(asio::socket_base::wait_read, [this](const boost::system::error_code& e) {
    if (!e) accept_all();
  });
}

void Listener::accept_all() {
  for (int i = 0; i < accepts_a_turn; ++i) {
    if (is_too_fast()) return;
    sockaddr_storage peer{};
    socklen_t length = sizeof peer;
    const int descriptor = ::accept4(acceptor_.native_handle(), reinterpret_cast<sockaddr*>(&peer),
                                     &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor >= 0) {
      complained_ = false;
      rate_.spend(1);
      taker_(descriptor, peer);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      break;
    } else if (!is_one_connection_only(errno)) {
      pause(errno);
      return;
    }
  }
  accept_loop();
}

/// Then it goes on later, and the clients wait in the backlog.
bool Listener::is_too_fast() {
  if (!rate_.is_limited()) return false;
  const base::Time now = base::Clock::now();
  if (rate_.left(now) != 0) return false;
  go_on_at(rate_.due(now));
  return true;
}

void Listener::pause(int reason) {
  if (!complained_) {
    base::log::warning("accepting on " + place() + " pauses: " + std::strerror(reason));
    complained_ = true;
  }
  go_on_at(base::Clock::now() + rest);
}

void Listener::go_on_at(base::Time time) {
  timer_.expires_at(time);
  timer_.async_wait([this](const boost::system::error_code& e) {
    if (!e) accept_all();
  });
}

}  // namespace romp::net
