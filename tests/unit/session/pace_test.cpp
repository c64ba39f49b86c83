// SPDX-License-Identifier: Apache-2.0
#include "session/pace.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace romp::session {
namespace {

using namespace std::chrono_literals;

/// Clients, and the clock they live by.
class PaceTest : public testing::Test {
 protected:
  /// A frame comes every `gap`, also while the worker rests; a reading itself takes `work`.
  void stream(base::Duration gap, base::Duration work, base::Duration for_how_long) {
    const auto end = now + for_how_long;
    auto next_frame = now;
    while (now < end) {
      now = std::max(now + work, next_frame);
      now += read(0);
      for (; next_frame <= now; next_frame += gap) ++frames;
    }
  }
  /// Each reading costs the sender the time of some frames, as waking somebody up does.
  void stream_delayed_by_readings(base::Duration for_how_long) {
    for (const auto end = now + for_how_long; now < end;) {
      now += 5us;
      const auto rest = read(0);
      now += rest;
      frames += 1 + static_cast<std::uint64_t>(rest / 2us);
    }
  }
  /// A client that sends the next frame only when it has the answer to the last one.
  void ask_and_wait(base::Duration round_trip, base::Duration for_how_long) {
    for (const auto end = now + for_how_long; now < end; ++frames) {
      now += round_trip;
      now += read(0);
    }
  }
  base::Duration read(std::size_t connection) {
    const auto rest = pace.before_reading(now, frames, rounds[connection]);
    rested += rest;
    return rest;
  }

  Pace pace;
  base::Time now = base::Time(1h);
  std::uint64_t frames = 0;
  std::vector<std::uint32_t> rounds = std::vector<std::uint32_t>(64);
  base::Duration rested{};
};

TEST_F(PaceTest, DoesNotRestWhereFramesAreFew) {
  stream(20us, 5us, 1s);
  EXPECT_EQ(rested, 0us);
}

TEST_F(PaceTest, DoesNotRestWhereOneReadingBringsManyFrames) {
  stream(100ns, 5us, 1s);
  EXPECT_EQ(rested, 0us);
}

TEST_F(PaceTest, RestsMostOfTheTimeWhereThatBringsMoreFrames) {
  stream_delayed_by_readings(1s);
  EXPECT_GT(rested, 700ms);
}

TEST_F(PaceTest, HardlyRestsWhereAClientWaitsForEachAnswer) {
  ask_and_wait(10us, 1s);
  EXPECT_GT(rested, 0us) << "it tries now and then";
  rested = {};
  ask_and_wait(10us, 1s);
  EXPECT_LT(rested, 20ms);
}

TEST_F(PaceTest, HardlyRestsWhereFramesComeNoFasterForIt) {
  stream(10us, 5us, 1s);
  rested = {};
  stream(10us, 5us, 1s);
  EXPECT_LT(rested, 20ms);
}

TEST_F(PaceTest, StopsRestingWhenTheStreamHasEnded) {
  stream_delayed_by_readings(1s);
  stream(1ms, 5us, 20ms);
  rested = {};
  stream(1ms, 5us, 1s);
  EXPECT_EQ(rested, 0us);
}

TEST_F(PaceTest, RestsOnceForAllConnectionsThatAreReadInTurn) {
  std::uint64_t rests = 0;
  std::uint64_t readings = 0;
  for (const auto end = now + 1s; now < end;) {
    for (std::size_t connection = 0; connection < rounds.size(); ++connection, ++readings) {
      now += 1us;
      const auto rest = read(connection);
      rests += rest != 0us ? 1U : 0U;
      now += rest;
      frames += 1 + static_cast<std::uint64_t>(rest / 100ns);
    }
  }
  EXPECT_GT(rests, 0U);
  EXPECT_LE(rests, readings / rounds.size());
}

}  // namespace
}  // namespace romp::session
