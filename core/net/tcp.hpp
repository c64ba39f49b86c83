// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "net/early.hpp"
#include "net/transport.hpp"

namespace romp::net {

/// Plain TCP, with Nagle's algorithm off: a session writes whole batches itself.
class Tcp final : public Transport {
 public:
  /// Takes over a connected, non-blocking socket.
  Tcp(boost::asio::io_context& context, int descriptor, bool is_v6);

  std::size_t read_some(std::span<const iovec> into, error_code& error) override;
  std::size_t write_some(std::span<const iovec> from, error_code& error) override;
  void wait_readable(TransportUser& user) override;
  void wait_writable(TransportUser& user) override;
  void put_back(std::string octets) override;
  void finish_writing() noexcept override;
  void close() noexcept override;
  bool can_move() const noexcept override { return true; }
  void move_to(Worker& worker, error_code& error) override;
  std::string remote() const override;
  std::uint16_t local_port() const override;

  int descriptor() noexcept { return socket_.native_handle(); }
  boost::asio::io_context::executor_type executor() { return socket_.get_executor(); }
  /// For who has to write before it can read: on_readable, once the socket takes more.
  void wait_writable_to_read(TransportUser& user);

 private:
  using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp,
                                                  boost::asio::io_context::executor_type>;

  Socket socket_;
  Early early_;
};

}  // namespace romp::net
