// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "net/transport.hpp"
#include "net/worker.hpp"

namespace romp::session {

/// The transport of a session without a network: it reads what is fed. One worker.
class InnerTransport final : public net::Transport {
 public:
  /// Who is at the other end. Must live until `ended`.
  class End {
   public:
    /// The session has read so many octets.
    virtual void read(std::size_t octets) = 0;
    /// May the session write now? Else `unblock` says when.
    virtual bool has_room() const = 0;
    virtual void written(std::string_view octets) = 0;
    /// The session has closed the transport; the last call.
    virtual void ended() = 0;

   protected:
    ~End() = default;
  };

  InnerTransport(net::Worker& worker, std::string name, End& end)
      : worker_(worker), name_(std::move(name)), end_(&end) {}

  void feed(std::string_view octets);
  /// There is room to write again.
  void unblock();

  std::size_t read_some(std::span<const iovec> into, net::error_code& error) override;
  std::size_t write_some(std::span<const iovec> from, net::error_code& error) override;
  void wait_readable(net::TransportUser& user) override;
  void wait_writable(net::TransportUser& user) override { writer_ = &user; }
  void put_back(std::string octets) override;
  void finish_writing() noexcept override;
  void close() noexcept override;
  std::string remote() const override { return name_; }
  std::uint16_t local_port() const override { return 0; }

 private:
  void tell_reader();

  net::Worker& worker_;
  const std::string name_;
  End* end_;
  std::string unread_;
  std::size_t read_ = 0;  ///< of unread_
  base::Ptr<net::TransportUser> reader_;
  base::Ptr<net::TransportUser> writer_;
  bool finished_ = false;
};

}  // namespace romp::session
