// SPDX-License-Identifier: Apache-2.0
#include "server/newcomer.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/error.hpp>
#include <cstring>

#include "net/first_bytes.hpp"
#include "net/metered.hpp"
#include "net/tcp.hpp"

namespace romp::server {
namespace {

namespace asio = boost::asio;

constexpr base::Duration patience_with_refused = std::chrono::seconds(2);

/// A record with a ClientHello, or one in the form of SSL 2, which OpenSSL refuses with an alert.
bool is_client_hello(char first) noexcept { return first == '\x16' || (first & '\x80') != 0; }

}  // namespace

Entrance::Newcomer::Newcomer(Entrance& entrance, Arriving arriving)
    : entrance_(entrance), port_(arriving.port), refusal_(arriving.refusal) {
  asio::io_context& context = entrance.worker_.context();
  if (port_.tls) {
    auto tls = std::make_unique<net::Tls>(context, arriving.descriptor, arriving.is_v6,
                                          port_.tls->context());
    unsecured_ = tls.get();
    transport_ = std::move(tls);
  } else {
    transport_ = std::make_unique<net::Tcp>(context, arriving.descriptor, arriving.is_v6);
  }
  if (!arriving.toll) return;
  transport_ = std::make_unique<net::Metered>(entrance.worker_, std::move(transport_),
                                              std::move(*arriving.toll));
}

void Entrance::Newcomer::start() {
  base::Duration patience = entrance_.settings_.connect_timeout;
  if (refusal_ != nullptr) patience = std::min(patience, patience_with_refused);
  entrance_.worker_.wheel().set(*this, base::Clock::now() + patience);
  wait();
}

void Entrance::Newcomer::close() noexcept {
  cancel();
  unsecured_ = nullptr;
  if (transport_) transport_->close();
}

void Entrance::Newcomer::say(std::string_view octets) noexcept {
  const iovec piece{const_cast<char*>(octets.data()), octets.size()};
  net::error_code ignored;
  transport_->write_some({&piece, 1}, ignored);
  transport_->finish_writing();
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
  ::explicit_bzero(room.data(), n);  // it may be a passcode
  if (waits_after(error)) return;
  if (error) {
    entrance_.leave(*this);
  } else {
    entrance_.judge(*this);
  }
}

}  // namespace romp::server
