// SPDX-License-Identifier: Apache-2.0
#include "scenario_traffic.hpp"

#include "traffic.hpp"

namespace romp::bench {
namespace {

Result run_plan(const Options& options, Plan plan) {
  plan.size = options.size;
  if (plan.window == 0) plan.window = options.window;
  return Traffic(options, plan).run();
}

}  // namespace

Result run_queue(const Options& o) { return run_plan(o, {}); }

Result run_topic(const Options& o) { return run_plan(o, {.topic = true}); }

Result run_fanout(const Options& o) { return run_plan(o, {.topic = true, .subscribers = o.subs}); }

Result run_ack(const Options& o) { return run_plan(o, {.prefetch = o.prefetch}); }

Result run_receipt(const Options& o) { return run_plan(o, {.outstanding = o.outstanding}); }

Result run_pairs(const Options& o) { return run_plan(o, {.producers = o.pairs}); }

Result run_queues(const Options& o) { return run_plan(o, {.destinations = o.queues}); }

Result run_latency(const Options& o) { return run_plan(o, {.rate = o.rate}); }

Result run_burst(const Options& o) { return run_plan(o, {.frames_per_write = 1}); }

}  // namespace romp::bench
