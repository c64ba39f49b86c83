// SPDX-License-Identifier: Apache-2.0
#include "server/newcomer.hpp"

#include <array>
#include <boost/asio/error.hpp>

#include "net/first_bytes.hpp"
#include "net/tcp.hpp"

namespace romp::server {
namespace {

namespace asio = boost::asio;

/// A record with a ClientHello, or one in the form of SSL 2, which OpenSSL refuses with an alert.
bool is_client_hello(char first) noexcept { return first == '\x16' || (first & '\x80') != 0; }

}  // namespace

Entrance::Newcomer::Newcomer(Entrance& entrance, int descriptor, bool is_v6, Port& port)
    : entrance_(entrance), port_(port) {
  asio::io_context& context = entrance.worker_.context();
  if (!port.tls) {
    transport_ = std::make_unique<net::Tcp>(context, descriptor, is_v6);
    return;
  }
  auto tls = std::make_unique<net::Tls>(context, descriptor, is_v6, port.tls->context());
  unsecured_ = tls.get();
  transport_ = std::move(tls);
}

void Entrance::Newcomer::start() {
  entrance_.worker_.wheel().set(*this, base::Clock::now() + entrance_.settings_.connect_timeout);
  wait();
}

void Entrance::Newcomer::close() noexcept {
  cancel();
  unsecured_ = nullptr;
  if (transport_) transport_->close();
}

std::unique_ptr<net::Transport> Entrance::Newcomer::take_transport() {
  transport_->put_back(std::move(octets_));
  return std::move(transport_);
}

void Entrance::Newcomer::on_readable(net::error_code error) {
  if (!transport_) return;
  const base::Ptr<Newcomer> keep(this);
  if (error) {
    entrance_.leave(*this);
  } else if (unsecured_ == nullptr || is_secured()) {
    read();
  }
}

/// True when the error is none, or the newcomer goes on later.
bool Entrance::Newcomer::waits_after(const net::error_code& error) {
  const bool waits = error == asio::error::would_block || error == asio::error::try_again;
  if (waits) wait();
  return waits;
}

/// False: it waits for more, or has been ended.
bool Entrance::Newcomer::is_secured() {
  if (!speaks_tls_ && !begins_with_tls()) return false;
  net::error_code error;
  std::string why;
  unsecured_->shake_hands(error, why);
  if (waits_after(error)) return false;
  if (error) {
    entrance_.not_secured(*this, why);
    return false;
  }
  unsecured_ = nullptr;
  ++port_.tls->handshakes;
  return true;
}

bool Entrance::Newcomer::begins_with_tls() {
  std::array<char, net::enough_first_bytes> seen;
  net::error_code error;
  const std::size_t n = unsecured_->peek(seen, error);
  if (waits_after(error)) return false;
  speaks_tls_ = n != 0 && is_client_hello(seen.front());
  if (speaks_tls_) return true;
  if (error) {
    entrance_.leave(*this);
  } else {
    entrance_.not_encrypted(*this, {seen.data(), n});
  }
  return false;
}

void Entrance::Newcomer::read() {
  std::array<char, net::enough_first_bytes> room;
  const iovec into{room.data(), room.size() - octets_.size()};
  net::error_code error;
  const std::size_t n = transport_->read_some({&into, 1}, error);
  octets_.append(room.data(), n);
  if (waits_after(error)) return;
  if (error) {
    entrance_.leave(*this);
  } else {
    entrance_.judge(*this);
  }
}

}  // namespace romp::server
