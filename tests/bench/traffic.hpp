// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "broker_process.hpp"
#include "options.hpp"
#include "producer.hpp"
#include "report.hpp"
#include "usage.hpp"

namespace romp::bench {

/// The vhost and the login of the options.
Greeting greeting_of(const Options& options);

/// A name that no earlier run has used: its queues are empty.
std::string fresh_name(const std::string& prefix);

/// Carries out one plan: connects all, warms up, measures, waits for what is under way, verifies.
class Traffic {
 public:
  Traffic(const Options& options, const Plan& plan);

  /// Once. Throws Failure.
  Result run();

 private:
  struct Snapshot {
    Usage usage;
    std::uint64_t received;
    std::uint64_t receipts;
  };

  void make_lanes();
  void make_subscribers(std::size_t producer);
  void open_all();
  void pump_until(Time end);
  void drain();
  bool all_done() const;
  std::uint64_t progress() const;
  Duration next_wait(Time end) const;
  Snapshot snapshot() const;
  Result measure(const Snapshot& from, const Snapshot& to) const;
  Faults faults() const;
  void check_acknowledged(Faults& faults);

  const Options& options_;
  Plan plan_;
  Body body_;
  BrokerProcess broker_;
  Endpoint endpoint_;
  Greeting greeting_;
  Poller poller_;
  ReadSpace space_;
  Meter latency_;
  Meter lateness_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::vector<std::unique_ptr<Subscriber>> subscribers_;
  std::vector<std::unique_ptr<Producer>> producers_;
};

}  // namespace romp::bench
