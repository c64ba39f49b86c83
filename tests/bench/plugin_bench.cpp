// SPDX-License-Identifier: Apache-2.0
// What a plugin costs a frame: the call, the host's part of it, and the frames that nobody asked
// for.
#include <benchmark/benchmark.h>

#include "bench/empty_filters.hpp"

namespace romp::plugin::bench {
namespace {

void bare_call(benchmark::State& state) {
  Filters filters(1, nullptr, ROMP_PLUGIN_CONCURRENT);
  auto* on_frame = do_nothing;
  benchmark::DoNotOptimize(on_frame);
  auto& call = filters.call();
  for (auto _ : state) {
    benchmark::DoNotOptimize(on_frame(nullptr, &call.context, &call.view));
  }
}
BENCHMARK(bare_call);

/// The time of a frame that passes so many empty filters.
void frame_with(benchmark::State& state, std::uint32_t flags) {
  Filters filters(static_cast<int>(state.range(0)), nullptr, flags);
  for (auto _ : state) {
    benchmark::DoNotOptimize(filters.chain().run(ROMP_STAGE_FRAME, filters.call()).verdict);
  }
}
BENCHMARK_CAPTURE(frame_with, concurrent_filters, ROMP_PLUGIN_CONCURRENT)->Arg(1)->Arg(16);
BENCHMARK_CAPTURE(frame_with, serial_filters, 0)->Arg(1)->Arg(16);

void frame_that_nobody_asked_for(benchmark::State& state) {
  Filters filters(0, nullptr, 0);
  for (auto _ : state) benchmark::DoNotOptimize(is_for_somebody(filters));
}
BENCHMARK(frame_that_nobody_asked_for);

void frame_for_other_destinations(benchmark::State& state) {
  Filters filters(16, "/virt/other-", 0);
  for (auto _ : state) benchmark::DoNotOptimize(is_for_somebody(filters));
}
BENCHMARK(frame_for_other_destinations);

void the_loop_alone(benchmark::State& state) {
  bool nothing = false;
  for (auto _ : state) benchmark::DoNotOptimize(nothing);
}
BENCHMARK(the_loop_alone);

}  // namespace
}  // namespace romp::plugin::bench

BENCHMARK_MAIN();
