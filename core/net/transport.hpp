// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/uio.h>

#include <boost/system/error_code.hpp>
#include <cstddef>
#include <span>
#include <string>

#include "base/shared.hpp"

namespace romp::net {

class Worker;

using boost::system::error_code;

/// Who is told that a transport can go on. One at a time, on the worker of the transport.
class TransportUser : public base::Shared {
 public:
  virtual void on_readable(error_code error) = 0;
  virtual void on_writable(error_code error) = 0;
};

/// A byte stream under a session: TCP, TLS or WebSocket. Never blocks. One worker.
///
/// Reading and writing report `would_block` when nothing can be done now; then the user waits. The
/// user is kept alive while it waits.
class Transport {
 public:
  virtual ~Transport() = default;

  /// 0 with an error: would_block, eof, or what the network says.
  virtual std::size_t read_some(std::span<const iovec> into, error_code& error) = 0;
  virtual std::size_t write_some(std::span<const iovec> from, error_code& error) = 0;

  virtual void wait_readable(TransportUser& user) = 0;
  virtual void wait_writable(TransportUser& user) = 0;

  /// Octets that were read too early: they are read again, before all others. Not while somebody
  /// waits for more.
  virtual void put_back(std::string octets) = 0;

  /// Says that nothing more will be written; what is written still arrives.
  virtual void finish_writing() noexcept = 0;
  virtual void close() noexcept = 0;

  /// Whether it may go on on another worker, now that nobody waits for it.
  virtual bool can_move() const noexcept { return false; }
  /// Goes on on this worker. Called there, after can_move() on the worker before. With an error it
  /// is closed.
  virtual void move_to(Worker&, error_code&) {}

  /// "address:port" of the other side.
  virtual std::string remote() const = 0;
  virtual std::uint16_t local_port() const = 0;

  /// The name in the other side's certificate, verified; empty: it has shown none, or there is no
  /// TLS.
  virtual std::string certified_name() const { return {}; }
};

}  // namespace romp::net
