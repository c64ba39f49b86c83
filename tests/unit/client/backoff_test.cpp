// SPDX-License-Identifier: Apache-2.0
#include "client/backoff.hpp"

#include <gtest/gtest.h>

namespace romp::client {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, DoublesUpToTheLongest) {
  Backoff backoff(1s, 5s);
  for (const auto expected : {1s, 2s, 4s, 5s, 5s}) EXPECT_EQ(backoff.next(0), expected);
}

TEST(Backoff, LeavesOutUpToHalf) {
  Backoff backoff(1s, 8s);
  for (std::uint64_t chance = 1; chance < 1'000'000'007'000; chance += 77'777'777'777) {
    backoff.reset();
    const auto pause = backoff.next(chance);
    EXPECT_GE(pause, 500ms);
    EXPECT_LE(pause, 1s);
  }
}

TEST(Backoff, BeginsAnewAfterAReset) {
  Backoff backoff(1s, 8s);
  (void)backoff.next(0);
  (void)backoff.next(0);
  backoff.reset();
  EXPECT_EQ(backoff.next(0), 1s);
}

TEST(Backoff, GivesTheLongestToWhoIsRefused) {
  const Backoff backoff(1s, 8s);
  EXPECT_EQ(backoff.longest(0), 8s);
}

}  // namespace
}  // namespace romp::client
