// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <string>

#include "base/shared.hpp"
#include "client/settings.hpp"
#include "client/tls.hpp"
#include "net/transport.hpp"

namespace romp::client {

/// Makes one connection: looks the name up, on a thread of Asio's own, and tries the addresses it
/// has, one after the other. With TLS the transport shakes hands when it is first used. One worker.
class Dialer final : public base::Shared {
 public:
  /// A transport, or null and the reason.
  using Done = std::function<void(std::unique_ptr<net::Transport>, const std::string&)>;

  explicit Dialer(boost::asio::io_context& context);

  /// Calls `done` exactly once, later, unless `cancel` was faster. Once.
  void dial(const Address& address, std::shared_ptr<TlsContext> tls, Done done);
  void cancel();

 private:
  using Tcp = boost::asio::ip::tcp;

  void connect(const Tcp::resolver::results_type& found);
  void connected(bool is_v6);
  void fail(std::string_view what, const net::error_code& error);

  boost::asio::io_context& context_;
  Tcp::resolver resolver_;
  Tcp::socket socket_;
  Address address_;
  std::shared_ptr<TlsContext> tls_;
  Done done_;
};

}  // namespace romp::client
