// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "net/tcp.hpp"
#include "net/tls_context.hpp"
#include "net/transport.hpp"

struct ssl_st;

namespace romp::net {

/// TLS 1.2 and 1.3, the server's side. OpenSSL reads and writes the socket itself and gives its
/// buffers back when they are empty, so an idle connection costs some 14 KiB. One worker.
///
/// Before `shake_hands` has succeeded nothing is read or written. Who is told would_block by
/// `write_some` writes the same octets again, and perhaps more behind them.
class Tls final : public Transport {
 public:
  /// Takes over a connected, non-blocking socket.
  Tls(boost::asio::io_context& context, int descriptor, bool is_v6,
      std::shared_ptr<const TlsContext> tls);
  ~Tls() override;

  /// What the client has sent, without taking it: up to so many octets of it.
  std::size_t peek(std::span<char> into, error_code& error) noexcept;
  /// Goes on with the handshake. would_block: wait_readable, then again; else it has failed, and
  /// `why` says how.
  void shake_hands(error_code& error, std::string& why);
  /// The last words to a client that speaks no TLS, instead of a handshake; then `close`.
  void answer_in_clear(std::string_view octets) noexcept;

  std::size_t read_some(std::span<const iovec> into, error_code& error) override;
  std::size_t write_some(std::span<const iovec> from, error_code& error) override;
  void wait_readable(TransportUser& user) override;
  void wait_writable(TransportUser& user) override;
  void put_back(std::string octets) override;
  void finish_writing() noexcept override;
  void close() noexcept override;
  bool can_move() const noexcept override { return secured_; }
  void move_to(Worker& worker, error_code& error) override { tcp_.move_to(worker, error); }
  std::string remote() const override;
  std::uint16_t local_port() const override;
  std::string certified_name() const override;

 private:
  std::size_t read_into(const iovec& room, error_code& error);
  error_code error_of(int result);
  error_code write_error_of(int result);
  bool has_unread() const noexcept;

  Tcp tcp_;  ///< the socket, for waiting and closing
  Early early_;
  std::shared_ptr<const TlsContext> tls_;
  ssl_st* ssl_;
  bool secured_ = false;         ///< the handshake is over
  bool starved_ = false;         ///< what has come is no whole record
  bool wants_to_write_ = false;  ///< to be able to go on with reading
};

}  // namespace romp::net
