// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>

#include "net/addresses.hpp"
#include "net/early.hpp"
#include "net/transport.hpp"
#include "net/wheel.hpp"
#include "net/worker.hpp"

namespace romp::net {

/// What a connection takes from others as long as it lasts.
struct Toll {
  std::shared_ptr<void> place;                   ///< on its listener; let go at the end
  std::unique_ptr<Addresses::Visit> visit;       ///< null: addresses are not counted
  std::size_t octets = 0;                        ///< a second, read from it; 0: no limit
  std::atomic<std::uint64_t>* pauses = nullptr;  ///< counts how often it had to wait
};

/// A transport that is read from no faster than allowed: what comes sooner waits in the socket, and
/// then at the client. One worker.
class Metered final : public Transport, private Alarm {
 public:
  Metered(Worker& worker, std::unique_ptr<Transport> below, Toll toll);

  std::size_t read_some(std::span<const iovec> into, error_code& error) override;
  std::size_t write_some(std::span<const iovec> from, error_code& error) override {
    return below_->write_some(from, error);
  }
  void wait_readable(TransportUser& user) override;
  void wait_writable(TransportUser& user) override { below_->wait_writable(user); }
  void put_back(std::string octets) override { early_.put_back(std::move(octets)); }
  void finish_writing() noexcept override { below_->finish_writing(); }
  void close() noexcept override;
  bool can_move() const noexcept override { return !waiting_ && below_->can_move(); }
  void move_to(Worker& worker, error_code& error) override;
  std::string remote() const override { return below_->remote(); }
  std::uint16_t local_port() const override { return below_->local_port(); }
  std::string certified_name() const override { return below_->certified_name(); }

 private:
  void on_alarm() override;
  std::size_t allowance(base::Time now);
  base::Time due(base::Time now);

  Worker* worker_;
  std::unique_ptr<Transport> below_;
  Toll toll_;
  Budget own_;
  Early early_;                       ///< was paid for already
  base::Ptr<TransportUser> waiting_;  ///< for the budget
  bool spent_ = false;                ///< the last read was refused for it
};

}  // namespace romp::net
