// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "net/worker.hpp"

namespace romp::server {

/// What the daemon tells the service manager that has started it, if one has: $NOTIFY_SOCKET and
/// $WATCHDOG_USEC, as in sd_notify(3). Else every call does nothing. Control thread.
class Supervisor {
 public:
  using Workers = std::vector<std::unique_ptr<net::Worker>>;

  /// The workers outlive it.
  Supervisor(boost::asio::io_context& control, const Workers& workers);

  /// Clients may come. From now on the watchdog is told that the daemon lives, each time that all
  /// workers have done a task since the last time; one that has not is named in the log.
  void ready(const std::string& status);
  /// A reload begins; ready() ends it. Plugins have watchdogs of their own in it, so the service
  /// manager's gives it more time.
  void reloading();
  /// The end has begun.
  void stopping();

 private:
  using microseconds = std::chrono::microseconds;

  void begin_round();
  void end_round();
  void round_loop();
  std::vector<unsigned> silent() const;
  void name_silent(const std::vector<unsigned>& numbers);
  void tell(const std::string& state);

  const Workers& workers_;
  boost::asio::steady_timer timer_;
  const microseconds watchdog_;  ///< 0: there is none
  /// The last round that each worker has answered; shared, since a task may be run late.
  std::shared_ptr<std::vector<std::atomic<std::uint64_t>>> answered_;
  std::uint64_t round_ = 0;
  bool named_ = false;  ///< in this round
  bool complained_ = false;
};

}  // namespace romp::server
