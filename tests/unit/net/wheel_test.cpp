// SPDX-License-Identifier: Apache-2.0
#include "net/wheel.hpp"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <functional>

namespace romp::net {
namespace {

using namespace std::chrono_literals;

class Bell final : public Alarm {
 public:
  explicit Bell(std::function<void()> rung) : rung_(std::move(rung)) {}

 private:
  void on_alarm() override { rung_(); }
  std::function<void()> rung_;
};

class WheelTest : public testing::Test {
 protected:
  /// The thread is busy for so long.
  void keep_busy(base::Duration time) {
    boost::asio::post(context, [end = base::Clock::now() + time] {
      while (base::Clock::now() < end) {
      }
    });
  }
  /// Runs until `done`, for ten seconds at most, and says how long that was.
  base::Duration run_until(const bool& done) {
    const base::Time begin = base::Clock::now();
    while (!done && base::Clock::now() < begin + 10s) context.run_one_for(1s);
    return base::Clock::now() - begin;
  }

  boost::asio::io_context context;
  Wheel wheel{context};
};

TEST_F(WheelTest, RingsAtItsTimeAndNotBefore) {
  bool rung = false;
  Bell bell([&] { rung = true; });
  wheel.set(bell, base::Clock::now() + 100ms);
  const auto time = run_until(rung);
  EXPECT_TRUE(rung);
  EXPECT_GE(time, 100ms);
  EXPECT_LT(time, 5s);
  EXPECT_FALSE(bell.is_set());
}

TEST_F(WheelTest, LeavesALaterRoundAlone) {
  bool rung = false;
  bool early = false;
  Bell soon([&] { rung = true; });
  Bell later([&] { early = true; });
  wheel.set(soon, base::Clock::now() + 100ms);
  wheel.set(later, base::Clock::now() + 100ms + Wheel::tick * 512);
  run_until(rung);
  EXPECT_FALSE(early);
  EXPECT_TRUE(later.is_set());
}

/// After a busy moment the wheel turns by several slots at once; what is set in one of them and is
/// due must not wait for a whole round.
TEST_F(WheelTest, RingsSoonForWhatIsSetTooLateWhileItTurns) {
  bool rung = false;
  Bell second([&] { rung = true; });
  const base::Time due = base::Clock::now() + 20ms;
  Bell first([&] { wheel.set(second, due); });
  wheel.set(first, due);
  keep_busy(200ms);
  EXPECT_LT(run_until(rung), 5s);
  EXPECT_TRUE(rung);
}

TEST_F(WheelTest, RingsNoMoreForWhatIsCancelled) {
  bool rung = false;
  bool cancelled = false;
  Bell bell([&] { rung = true; });
  Bell never([&] { cancelled = true; });
  wheel.set(never, base::Clock::now() + 20ms);
  wheel.set(bell, base::Clock::now() + 100ms);
  never.cancel();
  run_until(rung);
  EXPECT_FALSE(cancelled);
}

}  // namespace
}  // namespace romp::net
