// SPDX-License-Identifier: Apache-2.0
#include "suite.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "broker_process.hpp"
#include "failure.hpp"
#include "scenario.hpp"

namespace romp::bench {
namespace {

struct Figure {
  const char* label;
  const char* scenario;
  void (*adjust)(Options&);
};

// Idle first: later the broker would reuse the memory of earlier runs, and connections look free.
constexpr std::array figures{
    Figure{"idle", "idle", [](Options& o) { o.subscribe = false; }},
    Figure{"idle, subscribed", "idle", [](Options& o) { o.subscribe = true; }},
    Figure{"queue 16 B", "queue", [](Options&) {}},
    Figure{"queue 1 KiB", "queue", [](Options& o) { o.size = 1024; }},
    Figure{"queue 64 KiB", "queue", [](Options& o) { o.size = 65536; }},
    Figure{"burst 16 B", "burst", [](Options&) {}},
    Figure{"topic 16 B", "topic", [](Options&) {}},
    Figure{"topic 1 KiB", "topic", [](Options& o) { o.size = 1024; }},
    Figure{"fanout 10", "fanout", [](Options& o) { o.subs = 10; }},
    Figure{"fanout 100", "fanout", [](Options& o) { o.subs = 100; }},
    Figure{"fanout 1000", "fanout", [](Options& o) { o.subs = 1000; }},
    Figure{"pairs 8", "pairs", [](Options& o) { o.pairs = 8; }},
    Figure{"pairs 64", "pairs", [](Options& o) { o.pairs = 64; }},
    Figure{"queues 10000", "queues", [](Options& o) { o.queues = 10'000; }},
    Figure{"ack, prefetch 100", "ack", [](Options& o) { o.prefetch = 100; }},
    Figure{"ack, prefetch 1000", "ack", [](Options& o) { o.prefetch = 1000; }},
    Figure{"receipt, 1 at a time", "receipt", [](Options& o) { o.outstanding = 1; }},
    Figure{"receipt, 100", "receipt", [](Options& o) { o.outstanding = 100; }},
    Figure{"latency at 10000/s", "latency", [](Options& o) { o.rate = 10'000; }},
    Figure{"latency at 50000/s", "latency", [](Options& o) { o.rate = 50'000; }},
    Figure{"storm", "storm", [](Options&) {}},
};

Options options_for(const Figure& figure, const Options& asked) {
  Options options = asked;
  options.scenario = figure.scenario;
  options.warmup = asked.quick ? 0.15 : 0.5;
  options.duration = asked.quick ? 0.6 : 3;
  options.connections = asked.quick ? 1000 : 5000;
  figure.adjust(options);
  return options;
}

Result run_figure(const Figure& figure, const Options& asked) {
  Result result;
  try {
    result = run_scenario(options_for(figure, asked));
  } catch (const Failure& failure) {
    result.failure = failure.what();
  }
  result.label = figure.label;
  return result;
}

}  // namespace

std::vector<Result> run_suite(const Options& options) {
  std::vector<Result> results;
  Options asked = options;
  // The second idle run finds memory that the first one has given back; it counts all the same.
  asked.empty_broker_memory = BrokerProcess(options.pid).memory();
  for (const Figure& figure : figures) {
    std::fprintf(stderr, "\r%-40s", figure.label);
    results.push_back(run_figure(figure, asked));
  }
  std::fprintf(stderr, "\r%-40s\r", "");
  return results;
}

}  // namespace romp::bench
