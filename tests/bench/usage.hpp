// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "broker_process.hpp"
#include "clock.hpp"
#include "report.hpp"

namespace romp::bench {

/// What broker and generator had used at one moment.
struct Usage {
  Time time;
  double broker_cpu;  ///< seconds
  double own_cpu;

  static Usage now(const BrokerProcess& broker) {
    return {Clock::now(), broker.cpu_seconds(), own_cpu_seconds()};
  }
};

/// The rate and the costs of `count` things done between two moments.
Result result_of(std::uint64_t count, const Usage& from, const Usage& to);

}  // namespace romp::bench
