// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cstring>
#include <limits>
#include <string>
#include <utility>

#include "net/transport.hpp"

namespace romp::net {

/// The other side of a transport, in memory: what it has sent and what it got.
struct Wire {
  std::string sent;                                               ///< by the client, not read yet
  std::string got;                                                ///< by the client
  std::size_t at_once = std::numeric_limits<std::size_t>::max();  ///< octets of one read
  std::size_t room = std::numeric_limits<std::size_t>::max();     ///< octets that can be written
  bool client_is_done = false;
  bool finished = false;
  bool closed = false;
};

/// A transport without a network. One thread, which runs the context.
class MemoryTransport final : public Transport {
 public:
  MemoryTransport(boost::asio::io_context& context, Wire& wire) : context_(context), wire_(wire) {}

  std::size_t read_some(std::span<const iovec> into, error_code& error) override {
    error = {};
    const std::size_t n = std::min({wire_.sent.size(), into[0].iov_len, wire_.at_once});
    if (n == 0) {
      error = wire_.client_is_done ? error_code(boost::asio::error::eof)
                                   : error_code(boost::asio::error::would_block);
    }
    std::memcpy(into[0].iov_base, wire_.sent.data(), n);
    wire_.sent.erase(0, n);
    return n;
  }
  std::size_t write_some(std::span<const iovec> from, error_code& error) override {
    error = {};
    std::size_t taken = 0;
    for (const iovec& piece : from) {
      const std::size_t n = std::min(piece.iov_len, wire_.room);
      wire_.got.append(static_cast<const char*>(piece.iov_base), n);
      wire_.room -= n;
      taken += n;
    }
    if (taken == 0) error = boost::asio::error::would_block;
    return taken;
  }
  void wait_readable(TransportUser& user) override { reader_ = &user; }
  void wait_writable(TransportUser& user) override { writer_ = &user; }
  void put_back(std::string octets) override { wire_.sent.insert(0, octets); }
  void finish_writing() noexcept override { wire_.finished = true; }
  void close() noexcept override {
    wire_.closed = true;
    reader_.reset();
    writer_.reset();
  }
  std::string remote() const override { return "192.0.2.1:5000"; }
  std::uint16_t local_port() const override { return 1; }

  /// Tells who waits that it can go on, and runs what follows. False: nobody could.
  bool turn() {
    if (reader_ && (!wire_.sent.empty() || wire_.client_is_done)) {
      std::exchange(reader_, nullptr)->on_readable({});
    } else if (writer_ && wire_.room != 0) {
      std::exchange(writer_, nullptr)->on_writable({});
    } else {
      context_.restart();
      return context_.poll() != 0;
    }
    context_.restart();
    context_.poll();
    return true;
  }

 private:
  boost::asio::io_context& context_;
  Wire& wire_;
  base::Ptr<TransportUser> reader_;
  base::Ptr<TransportUser> writer_;
};

}  // namespace romp::net
