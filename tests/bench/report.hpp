// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "histogram.hpp"
#include "verifier.hpp"

namespace romp::bench {

struct Latency {
  double p50 = 0;
  double p90 = 0;
  double p99 = 0;
  double p999 = 0;
  double max = 0;
};

/// The usual five of a histogram, in microseconds; nothing when it is empty.
std::optional<Latency> latency_of(const Histogram& histogram);

/// What one run found.
struct Result {
  std::string label;
  std::string failure;       ///< empty, or why there are no figures
  double seconds = 0;        ///< measured
  double per_second = 0;     ///< messages received, receipts or connections
  double broker_us = 0;      ///< CPU time of the broker for one of them; 0: not known
  double own_us = 0;         ///< CPU time of the generator for one of them
  double own_share = 0;      ///< of one core; near 1 the generator was the limit
  double broker_memory = 0;  ///< octets at the end of the measured time; 0: not known
  double broker_share = 0;   ///< of one core
  std::optional<Latency> latency;
  std::optional<Latency> lateness;              ///< of the generator itself, in an open loop
  std::optional<double> octets_per_connection;  ///< of an idle broker
  Faults faults;
};

/// Status to end with: 0 good, 2 messages were lost, doubled ..., 3 the connection or protocol
/// failed.
int status_of(const std::vector<Result>& results);

void print_table(const std::vector<Result>& results);
void print_json(const std::vector<Result>& results);

}  // namespace romp::bench
