// SPDX-License-Identifier: Apache-2.0
#include "client/dialer.hpp"

#include <boost/asio/connect.hpp>
#include <utility>

#include "net/tcp.hpp"

namespace romp::client {

Dialer::Dialer(boost::asio::io_context& context)
    : context_(context), resolver_(context), socket_(context) {}

void Dialer::dial(const Address& address, std::shared_ptr<TlsContext> tls, Done done) {
  address_ = address;
  tls_ = std::move(tls);
  done_ = std::move(done);
  const auto found = [self = base::Ptr<Dialer>(this)](const net::error_code& error,
                                                      const Tcp::resolver::results_type& results) {
    if (!self->done_) return;
    error ? self->fail("looking up " + self->address_.host, error) : self->connect(results);
  };
  resolver_.async_resolve(address.host, address.port, Tcp::resolver::numeric_service, found);
}

void Dialer::connect(const Tcp::resolver::results_type& found) {
  const auto connected = [self = base::Ptr<Dialer>(this)](const net::error_code& error,
                                                          const Tcp::endpoint& end) {
    if (!self->done_) return;
    error ? self->fail("connecting to " + self->address_.text(), error)
          : self->connected(end.address().is_v6());
  };
  boost::asio::async_connect(socket_, found, connected);
}

/// The transport takes the bare socket, as it takes an accepted one.
void Dialer::connected(bool is_v6) {
  net::error_code error;
  socket_.native_non_blocking(true, error);
  const int descriptor = error ? -1 : socket_.release(error);
  if (error) return fail("connecting to " + address_.text(), error);
  std::string why;
  auto transport = tls_ ? tls_->connect(context_, descriptor, is_v6, address_.host, why)
                        : std::make_unique<net::Tcp>(context_, descriptor, is_v6);
  std::exchange(done_, nullptr)(std::move(transport), why);
}

void Dialer::fail(std::string_view what, const net::error_code& error) {
  std::exchange(done_, nullptr)(nullptr, std::string(what) + ": " + error.message());
}

void Dialer::cancel() {
  done_ = nullptr;
  net::error_code ignored;
  resolver_.cancel();
  socket_.close(ignored);
}

}  // namespace romp::client
