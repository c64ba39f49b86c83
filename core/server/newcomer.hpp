// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "net/tls.hpp"
#include "net/wheel.hpp"
#include "server/entrance.hpp"
#include "server/port.hpp"

namespace romp::server {

/// A client whose first octets have not come yet, or not enough of them; on a port of TLS, one that
/// has to shake hands before. One worker.
class Entrance::Newcomer final : public net::TransportUser, private net::Alarm {
 public:
  Newcomer(Entrance& entrance, Arriving arriving);

  void start();
  void wait() { transport_->wait_readable(*this); }
  void close() noexcept;

  const std::string& octets() const noexcept { return octets_; }
  Port& port() const noexcept { return port_; }
  const config::ListenerSettings& listener() const noexcept { return port_.settings; }
  std::string remote() const { return transport_->remote(); }
  base::Time since() const noexcept { return since_; }
  /// Not null while hands are to be shaken: nothing can be read or written before.
  net::Tls* unsecured() const noexcept { return unsecured_; }
  /// Why it may not come in; null: it may.
  const char* refusal() const noexcept { return refusal_; }
  /// Its last words, before `close`.
  void say(std::string_view octets) noexcept;
  /// With what was read put back.
  std::unique_ptr<net::Transport> take_transport();

 private:
  void on_readable(net::error_code error) override;
  void on_writable(net::error_code) override {}
  void on_alarm() override { entrance_.too_late(*this); }
  bool is_secured();
  bool begins_with_tls();
  bool waits_after(const net::error_code& error);
  void read();

  Entrance& entrance_;
  Port& port_;
  std::unique_ptr<net::Transport> transport_;
  net::Tls* unsecured_ = nullptr;  ///< the transport, or below it
  const char* refusal_;
  base::Time since_ = base::Clock::now();
  std::string octets_;
  bool speaks_tls_ = false;
};

}  // namespace romp::server
