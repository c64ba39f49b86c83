// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "failure.hpp"
#include "scenario.hpp"
#include "socket.hpp"
#include "suite.hpp"

namespace romp::bench {
namespace {

int run(const Options& options) {
  if (options.free_port) {
    std::printf("%d\n", free_port());
    return 0;
  }
  if (options.wait) {
    const Endpoint endpoint = Endpoint::resolve(options.host, options.port);
    return wait_until_accepting(endpoint, std::chrono::milliseconds(500)) ? 0 : 3;
  }
  const std::vector<Result> results =
      options.scenario == "suite" ? run_suite(options) : std::vector<Result>{run_scenario(options)};
  options.json ? print_json(results) : print_table(results);
  return status_of(results);
}

}  // namespace
}  // namespace romp::bench

int main(int argc, char** argv) {
  romp::bench::Options options;
  int status = 0;
  if (!romp::bench::parse_options(argc, argv, options, status)) return status;
  try {
    return romp::bench::run(options);
  } catch (const romp::bench::Failure& failure) {
    std::fprintf(stderr, "romp-bench: %s\n", failure.what());
    return 3;
  }
}
