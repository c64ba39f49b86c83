// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <CLI/CLI.hpp>

#include "scenario.hpp"

namespace romp::bench {
namespace {

void add_connection(CLI::App& app, Options& o) {
  app.add_option("--host", o.host, "the broker's address")->capture_default_str();
  app.add_option("--port", o.port, "the broker's port")->capture_default_str();
  app.add_flag("--tls", o.tls, "speak TLS there, and believe every certificate");
  app.add_option("--login", o.login, "user name");
  app.add_option("--passcode", o.passcode, "password");
  app.add_option("--vhost", o.vhost, "CONNECT's host header")->capture_default_str();
  app.add_option("--queue-prefix", o.queue_prefix, "before queue names")->capture_default_str();
  app.add_option("--topic-prefix", o.topic_prefix, "before topic names")->capture_default_str();
  app.add_option("--duration", o.duration, "seconds measured")
      ->check(CLI::Range(0.05, 600.0))
      ->capture_default_str();
  app.add_option("--warmup", o.warmup, "seconds before them")
      ->check(CLI::Range(0.0, 60.0))
      ->capture_default_str();
  app.add_option("--pid", o.pid, "the broker's process: measures its CPU time and memory")
      ->check(CLI::PositiveNumber);
  app.add_flag("--json", o.json, "prints JSON instead of a table");
  app.add_flag("--wait", o.wait,
               "waits half a second for the broker to accept a connection, and ends");
  app.add_flag("--free-port", o.free_port, "prints a free TCP port of 127.0.0.1 and ends");
}

void add_count(CLI::App& app, const char* name, std::size_t& value, std::size_t most,
               const char* help) {
  app.add_option(name, value, help)->check(CLI::Range(std::size_t{1}, most))->capture_default_str();
}

void add_size(CLI::App& app, Options& o) {
  app.add_option("--size", o.size, "octets of body, 16 at least; 1kib, 64kib")
      ->transform(CLI::AsSizeValue(false))
      ->check(CLI::Range(std::size_t{16}, std::size_t{16} << 20))
      ->capture_default_str();
}

void add_window(CLI::App& app, Options& o) {
  add_count(app, "--window", o.window, 1'000'000,
            "messages under way to a subscriber (0: by size)");
}

// Which scenario knows which option.
void add_own(CLI::App& app, std::string_view name, Options& o) {
  const bool moves_messages = name != "idle" && name != "storm" && name != "suite";
  if (moves_messages) add_size(app, o);
  if (moves_messages && name != "latency") add_window(app, o);
  if (name == "fanout") add_count(app, "--subs", o.subs, 20'000, "subscribers");
  if (name == "ack") add_count(app, "--prefetch", o.prefetch, 100'000, "unsettled deliveries");
  if (name == "receipt")
    add_count(app, "--outstanding", o.outstanding, 100'000, "unanswered SENDs");
  if (name == "pairs") add_count(app, "--pairs", o.pairs, 5000, "producers, queues, subscribers");
  if (name == "queues") add_count(app, "--queues", o.queues, 100'000, "queues of one producer");
  if (name == "latency") {
    app.add_option("--rate", o.rate, "messages a second")
        ->check(CLI::Range(1.0, 1e7))
        ->capture_default_str();
  }
  if (name == "idle") {
    add_count(app, "--connections", o.connections, 1'000'000, "connections");
    app.add_flag("--subscribe", o.subscribe, "each subscribes to one topic");
  }
  if (name == "storm")
    add_count(app, "--concurrency", o.concurrency, 5000, "connections at a time");
  if (name == "suite") app.add_flag("--quick", o.quick, "about 20 s instead of 90 s");
}

}  // namespace

bool parse_options(int argc, char** argv, Options& options, int& status) {
  CLI::App app("Load generator for romp and other STOMP brokers: measures and verifies.",
               "romp-bench");
  app.require_subcommand(0, 1);
  app.fallthrough();
  add_connection(app, options);
  for (const Scenario& scenario : scenarios()) {
    CLI::App* sub = app.add_subcommand(scenario.name, scenario.help);
    add_own(*sub, scenario.name, options);
  }
  CLI::App* suite = app.add_subcommand("suite", "all of them, one table");
  add_own(*suite, "suite", options);
  try {
    app.parse(argc, argv);
    if (!options.free_port && !options.wait && app.get_subcommands().empty()) {
      throw CLI::RequiredError("A scenario");
    }
  } catch (const CLI::ParseError& error) {
    status = app.exit(error) == 0 ? 0 : 1;
    return false;
  }
  for (const CLI::App* chosen : app.get_subcommands()) options.scenario = chosen->get_name();
  return true;
}

}  // namespace romp::bench
