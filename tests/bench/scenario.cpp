// SPDX-License-Identifier: Apache-2.0
#include "scenario.hpp"

#include <array>

#include "failure.hpp"
#include "scenario_traffic.hpp"

namespace romp::bench {
namespace {

constexpr std::array table{
    Scenario{"queue", "1 producer, 1 queue, 1 subscriber", run_queue},
    Scenario{"topic", "1 producer, 1 topic, 1 subscriber", run_topic},
    Scenario{"fanout", "1 producer, 1 topic, many subscribers", run_fanout},
    Scenario{"ack", "a queue with ack:client-individual", run_ack},
    Scenario{"receipt", "a queue, every SEND with a receipt", run_receipt},
    Scenario{"pairs", "many producers, each with its own queue and subscriber", run_pairs},
    Scenario{"queues", "1 producer that sends to many queues in turn", run_queues},
    Scenario{"latency", "a queue at a fixed rate; counts from when a message was due", run_latency},
    Scenario{"burst", "a queue, one write a frame as most clients do", run_burst},
    Scenario{"idle", "connections that do nothing: memory, CPU", run_idle},
    Scenario{"storm", "connect, CONNECT, DISCONNECT, close as fast as possible", run_storm},
};

}  // namespace

std::span<const Scenario> scenarios() { return table; }

Result run_scenario(const Options& options) {
  for (const Scenario& scenario : table) {
    if (options.scenario != scenario.name) continue;
    Result result = scenario.run(options);
    result.label = scenario.name;
    return result;
  }
  throw Failure("no scenario " + options.scenario);
}

}  // namespace romp::bench
