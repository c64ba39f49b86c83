// SPDX-License-Identifier: Apache-2.0
#include "plugin/metrics.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace romp::plugin {
namespace {

TEST(Metrics, CountersOnlyGrowGaugesGoBothWays) {
  Metrics metrics;
  romp_metric_id counter = 0;
  romp_metric_id gauge = 0;
  ASSERT_EQ(metrics.define(ROMP_METRIC_COUNTER, "a", "", counter), ROMP_OK);
  ASSERT_EQ(metrics.define(ROMP_METRIC_GAUGE, "b", "", gauge), ROMP_OK);
  metrics.add(counter, 2);
  metrics.add(counter, -1);
  metrics.set(counter, 50);
  metrics.add(gauge, 2);
  metrics.add(gauge, -5);
  EXPECT_EQ(metrics.find("a")->value, 2.0);
  EXPECT_EQ(metrics.find("b")->value, -3.0);
  metrics.set(gauge, 7);
  EXPECT_EQ(metrics.find("b")->value, 7.0);
}

TEST(Metrics, AHistogramCountsEachValueInOneBucket) {
  Metrics metrics;
  romp_metric_id id = 0;
  ASSERT_EQ(metrics.define(ROMP_METRIC_HISTOGRAM, "seconds", "", id), ROMP_OK);
  for (const double v : {0.0, 1e-9, 0.5, 1.0, 1.1, 1e30}) metrics.add(id, v);
  std::uint64_t all = 0;
  for (const auto& count : metrics.find("seconds")->counts) all += count;
  EXPECT_EQ(all, 6U);
  EXPECT_EQ(metrics.find("seconds")->counts[0], 2U);
  EXPECT_EQ(metrics.find("seconds")->counts[10], 2U) << "1 is the bound of its bucket";
  EXPECT_EQ(metrics.find("seconds")->counts[11], 1U);
  EXPECT_EQ(metrics.find("seconds")->counts[Metric::buckets - 1], 1U);
}

TEST(Metrics, WhatMakesNoSenseIsIgnored) {
  Metrics metrics;
  romp_metric_id id = 0;
  ASSERT_EQ(metrics.define(ROMP_METRIC_GAUGE, "a", "", id), ROMP_OK);
  metrics.add(0, 1);
  metrics.add(99, 1);
  metrics.add(4'000'000'000, 1);
  metrics.add(id, std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(metrics.find("a")->value, 0.0);
}

TEST(Metrics, NamesAreCheckedUniqueAndBounded) {
  Metrics metrics;
  romp_metric_id id = 0;
  EXPECT_EQ(metrics.define(3, "a", "", id), ROMP_E_UNSUPPORTED);
  for (const auto* bad : {"", "1a", "A", "a-b", "_a", "a b"}) {
    EXPECT_EQ(metrics.define(0, bad, "", id), ROMP_E_INVAL) << bad;
  }
  EXPECT_EQ(metrics.define(0, std::string(65, 'a'), "", id), ROMP_E_TOOBIG);
  EXPECT_EQ(metrics.define(0, "a", std::string(257, 'h'), id), ROMP_E_TOOBIG);
  EXPECT_EQ(metrics.define(0, "a_1", "", id), ROMP_OK);
  EXPECT_EQ(metrics.define(0, "a_1", "", id), ROMP_E_EXISTS);
  for (std::size_t i = 1; i < Metrics::most; ++i) {
    EXPECT_EQ(metrics.define(0, "m" + std::to_string(i), "", id), ROMP_OK);
  }
  EXPECT_EQ(metrics.define(0, "one_more", "", id), ROMP_E_TOOBIG);
  std::size_t seen = 0;
  metrics.each([&](const Metric&) { ++seen; });
  EXPECT_EQ(seen, Metrics::most);
}

}  // namespace
}  // namespace romp::plugin
