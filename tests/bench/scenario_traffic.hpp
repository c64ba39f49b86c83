// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "report.hpp"

namespace romp::bench {

/// The scenarios that move messages: each is one Plan for Traffic.
Result run_queue(const Options& options);
Result run_topic(const Options& options);
Result run_fanout(const Options& options);
Result run_ack(const Options& options);
Result run_receipt(const Options& options);
Result run_pairs(const Options& options);
Result run_queues(const Options& options);
Result run_latency(const Options& options);
Result run_burst(const Options& options);

}  // namespace romp::bench
