// SPDX-License-Identifier: Apache-2.0
#include "plugin/tasks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <random>
#include <thread>

#include "unit/plugin/scripted_plugin.hpp"

namespace romp::plugin::test {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

/// What became of one task.
struct Fate {
  std::vector<romp_status> runs;
  std::vector<Mark> marks;
};

void note_down(void* arg, romp_status status) {
  auto& fate = *static_cast<Fate*>(arg);
  fate.runs.push_back(status);
  fate.marks.push_back(current.mark);
}

class TasksTest : public PluginTest {
 protected:
  TasksTest() { run(plugin); }

  romp_timer_id timer(std::int64_t after_ms, std::int64_t every_ms) {
    romp_timer_id id = 0;
    EXPECT_EQ(plugin.host->timer_start(plugin.host, after_ms * 1'000'000, every_ms * 1'000'000,
                                       note_down, &fate, &id),
              ROMP_OK);
    return id;
  }
  void fire() {
    gateway.fire();
    gateway.run_all();
  }

  Fate fate;  // outlives the plugin, whose last tasks write to it
  ScriptedPlugin plugin;
};

TEST_F(TasksTest, APostedTaskRunsOnceOnTheStrandAndNotBeforePostReturns) {
  EXPECT_EQ(plugin.host->post(plugin.host, note_down, &fate), ROMP_OK);
  EXPECT_THAT(fate.runs, IsEmpty());
  gateway.run_all();
  EXPECT_THAT(fate.runs, ElementsAre(ROMP_OK));
  EXPECT_THAT(fate.marks, ElementsAre(Mark::plugin));
  plugin.instance->stop();
  EXPECT_EQ(fate.runs.size(), 1U);
}

TEST_F(TasksTest, TasksRunInTheOrderOfPosting) {
  struct Numbered {
    std::vector<int>* order;
    int number;
  };
  std::vector<int> order;
  std::deque<Numbered> all;
  for (int i = 0; i < 200; ++i) {
    const auto push = [](void* arg, romp_status) {
      const auto& n = *static_cast<Numbered*>(arg);
      n.order->push_back(n.number);
    };
    EXPECT_EQ(plugin.host->post(plugin.host, push, &all.emplace_back(Numbered{&order, i})),
              ROMP_OK);
  }
  gateway.run_all();
  EXPECT_EQ(order.size(), 200U);
  EXPECT_TRUE(std::ranges::is_sorted(order));
}

TEST_F(TasksTest, OneTurnOfTheStrandIsBounded) {
  for (int i = 0; i < 100; ++i) plugin.host->post(plugin.host, note_down, &fate);
  EXPECT_TRUE(gateway.run_one());
  EXPECT_LT(fate.runs.size(), 100U);
  gateway.run_all();
  EXPECT_EQ(fate.runs.size(), 100U);
}

TEST_F(TasksTest, AWorkerTaskRunsOnThePool) {
  EXPECT_EQ(plugin.host->post_worker(plugin.host, note_down, &fate), ROMP_OK);
  EXPECT_FALSE(gateway.run_worker_one());
  EXPECT_TRUE(gateway.run_pool_one());
  EXPECT_THAT(fate.runs, ElementsAre(ROMP_OK));
  EXPECT_THAT(fate.marks, ElementsAre(Mark::worker));
}

TEST_F(TasksTest, ATimerRunsOnceAfterItsDelay) {
  const auto id = timer(250, 0);
  EXPECT_THAT(gateway.delays(), ElementsAre(milliseconds(250)));
  fire();
  fire();
  EXPECT_THAT(fate.runs, ElementsAre(ROMP_OK));
  EXPECT_EQ(plugin.host->timer_stop(plugin.host, id), ROMP_E_GONE);
}

TEST_F(TasksTest, ARepeatingTimerRunsUntilStoppedAndThenOnceCancelled) {
  const auto id = timer(10, 20);
  fire();
  EXPECT_THAT(gateway.delays(), ElementsAre(milliseconds(20)));
  fire();
  EXPECT_EQ(plugin.host->timer_stop(plugin.host, id), ROMP_OK);
  EXPECT_EQ(fate.runs.size(), 2U) << "not before timer_stop returns";
  EXPECT_THAT(gateway.delays(), IsEmpty());
  gateway.run_all();
  fire();
  EXPECT_THAT(fate.runs, ElementsAre(ROMP_OK, ROMP_OK, ROMP_E_CANCELLED));
  EXPECT_EQ(plugin.host->timer_stop(plugin.host, id), ROMP_E_GONE);
}

TEST_F(TasksTest, ATimerThatHasFiredButNotRunIsStillCancelled) {
  const auto id = timer(10, 0);
  gateway.fire();
  EXPECT_EQ(plugin.host->timer_stop(plugin.host, id), ROMP_OK);
  EXPECT_EQ(plugin.host->timer_stop(plugin.host, id), ROMP_E_GONE);
  gateway.run_all();
  EXPECT_THAT(fate.runs, ElementsAre(ROMP_E_CANCELLED));
}

TEST_F(TasksTest, MissedFiringsAreNotMadeUp) {
  timer(10, 10);
  for (int i = 0; i < 5; ++i) gateway.fire();
  gateway.run_all();
  EXPECT_THAT(fate.runs, ElementsAre(ROMP_OK));
}

TEST_F(TasksTest, ATimerCanStopItselfFromItsOwnTask) {
  struct Self {
    const romp_host* host;
    romp_timer_id id;
    std::vector<romp_status> runs;
  } self{plugin.host, 0, {}};
  const auto task = [](void* arg, romp_status status) {
    auto& s = *static_cast<Self*>(arg);
    s.runs.push_back(status);
    if (status == ROMP_OK) {
      EXPECT_EQ(s.host->timer_stop(s.host, s.id), ROMP_OK);
    }
  };
  plugin.host->timer_start(plugin.host, 0, 1'000'000, task, &self, &self.id);
  fire();
  fire();
  EXPECT_THAT(self.runs, ElementsAre(ROMP_OK, ROMP_E_CANCELLED));
}

TEST_F(TasksTest, RefusesTasksAndTimersThatMakeNoSense) {
  const auto* h = plugin.host;
  romp_timer_id id = 0;
  EXPECT_EQ(h->post(h, nullptr, nullptr), ROMP_E_INVAL);
  EXPECT_EQ(h->post_worker(h, nullptr, nullptr), ROMP_E_INVAL);
  EXPECT_EQ(h->timer_start(h, 0, 0, nullptr, nullptr, &id), ROMP_E_INVAL);
  EXPECT_EQ(h->timer_start(h, 0, 0, note_down, &fate, nullptr), ROMP_E_INVAL);
  EXPECT_EQ(h->timer_start(h, -1, 0, note_down, &fate, &id), ROMP_E_INVAL);
  EXPECT_EQ(h->timer_start(h, 0, -1, note_down, &fate, &id), ROMP_E_INVAL);
  EXPECT_EQ(h->timer_start(h, 0, 10, note_down, &fate, &id), ROMP_E_INVAL);
  EXPECT_EQ(h->timer_stop(h, 4711), ROMP_E_GONE);
}

TEST_F(TasksTest, TooManyTasksAreRefusedNotKept) {
  std::size_t accepted = 0;
  while (plugin.host->post(plugin.host, note_down, &fate) == ROMP_OK) ++accepted;
  EXPECT_EQ(accepted, Tasks::most_waiting);
  EXPECT_EQ(plugin.host->post(plugin.host, note_down, &fate), ROMP_E_AGAIN);
  gateway.run_all();
  EXPECT_EQ(fate.runs.size(), accepted);
}

TEST_F(TasksTest, StopRunsWhatIsPendingWithCancelled) {
  timer(10, 0);
  timer(10, 10);
  plugin.host->post(plugin.host, note_down, &fate);
  plugin.host->post_worker(plugin.host, note_down, &fate);
  plugin.instance->stop();
  EXPECT_THAT(fate.runs,
              ElementsAre(ROMP_E_CANCELLED, ROMP_E_CANCELLED, ROMP_E_CANCELLED, ROMP_E_CANCELLED));
  EXPECT_THAT(gateway.delays(), IsEmpty());
  fire();
  EXPECT_EQ(fate.runs.size(), 4U);
}

TEST_F(TasksTest, InStopTasksAreTakenAndCancelledTimersAreRefused) {
  romp_status posted = ROMP_OK;
  romp_status timed = ROMP_OK;
  plugin.stop = [&] {
    romp_timer_id id = 0;
    posted = plugin.host->post(plugin.host, note_down, &fate);
    timed = plugin.host->timer_start(plugin.host, 0, 0, note_down, &fate, &id);
  };
  plugin.instance->stop();
  EXPECT_EQ(posted, ROMP_OK);
  EXPECT_EQ(timed, ROMP_E_CANCELLED);
  EXPECT_THAT(fate.runs, ElementsAre(ROMP_E_CANCELLED));
}

TEST_F(TasksTest, ACancelledTaskCannotStartAnother) {
  struct Again {
    const romp_host* host;
    romp_status answer;
  } again{plugin.host, ROMP_OK};
  const auto task = [](void* arg, romp_status) {
    auto& a = *static_cast<Again*>(arg);
    a.answer = a.host->post(
        a.host, [](void*, romp_status) { ADD_FAILURE() << "was not accepted"; }, nullptr);
  };
  plugin.host->post(plugin.host, task, &again);
  plugin.instance->stop();
  EXPECT_EQ(again.answer, ROMP_E_CANCELLED);
}

TEST_F(TasksTest, ATaskThatThrowsDoesNotHurtTheNext) {
  plugin.host->post(
      plugin.host, [](void*, romp_status) { throw std::runtime_error("ouch"); }, nullptr);
  plugin.host->post(plugin.host, note_down, &fate);
  testing::internal::CaptureStderr();
  gateway.run_all();
  EXPECT_THAT(testing::internal::GetCapturedStderr(), testing::HasSubstr("a task failed"));
  EXPECT_THAT(fate.runs, ElementsAre(ROMP_OK));
}

TEST_F(TasksTest, WhatTheGatewayStillHoldsAfterTheEndDoesNothing) {
  plugin.host->post(plugin.host, note_down, &fate);
  plugin.host->post_worker(plugin.host, note_down, &fate);
  plugin.instance->stop();
  plugin.instance->destroy();
  plugin.instance.reset();
  gateway.run_all();
  EXPECT_THAT(fate.runs, ElementsAre(ROMP_E_CANCELLED, ROMP_E_CANCELLED));
}

/// Counts its runs and whether two of the strand's were ever at work together.
struct Watched {
  std::atomic<int> ended{0};
  std::atomic<int>* inside = nullptr;
  std::atomic<bool>* overlapped = nullptr;

  static void task(void* arg, romp_status) {
    auto& self = *static_cast<Watched*>(arg);
    if (self.inside->fetch_add(1) != 0) self.overlapped->store(true);
    self.ended.fetch_add(1);
    self.inside->fetch_sub(1);
  }
};

constexpr int posters = 2;
constexpr int tasks_each = 300;

/// Threads that post, threads that run what the gateway was given, and a stop at a random moment:
/// whatever was accepted ends exactly once.
TEST(TasksProperty, WhateverWasAcceptedEndsExactlyOnceWhenTheStopComesAnyTime) {
  std::mt19937 random(20261125);
  for (int round = 0; round < 40; ++round) {
    FakeGateway gateway;
    Deferrals deferrals;
    ScriptedPlugin plugin("tasks", ROMP_CAP_FRAMES, round % 2 == 0 ? 0U : ROMP_PLUGIN_CONCURRENT);
    ASSERT_EQ(plugin.load({gateway, deferrals}), "");
    ASSERT_EQ(plugin.instance->start(), "");
    std::atomic<int> inside{0}, inside_pool{0}, posted{0};
    std::atomic<bool> overlapped{false}, unused{false}, done{false};
    std::deque<Watched> all(posters * tasks_each);
    std::deque<std::atomic<bool>> accepted(all.size());
    std::latch begin(posters + 3);

    std::vector<std::jthread> threads;
    for (int p = 0; p < posters; ++p) {
      threads.emplace_back([&, p] {
        begin.arrive_and_wait();
        for (int i = 0; i < tasks_each; ++i) {
          const auto n = static_cast<std::size_t>(p * tasks_each + i);
          auto& watched = all[n];
          const bool pool = i % 3 == 1;
          watched.inside = pool ? &inside_pool : &inside;
          watched.overlapped = pool ? &unused : &overlapped;
          romp_timer_id id = 0;
          const auto* h = plugin.host;
          const auto status = pool         ? h->post_worker(h, Watched::task, &watched)
                              : i % 3 == 2 ? h->timer_start(h, 0, 0, Watched::task, &watched, &id)
                                           : h->post(h, Watched::task, &watched);
          accepted[n] = status == ROMP_OK;
          posted.fetch_add(1);
        }
      });
    }
    for (int r = 0; r < 2; ++r) {
      threads.emplace_back([&] {
        begin.arrive_and_wait();
        while (!done) {
          gateway.run_one();
          gateway.fire();
        }
      });
    }
    const int stop_at = std::uniform_int_distribution(0, posters * tasks_each)(random);
    begin.arrive_and_wait();
    while (posted < stop_at) std::this_thread::yield();
    plugin.instance->stop();
    plugin.instance->destroy();
    done = true;
    threads.clear();
    gateway.run_all();
    for (std::size_t n = 0; n < all.size(); ++n) {
      ASSERT_EQ(all[n].ended, accepted[n] ? 1 : 0) << "round " << round << ", task " << n;
    }
    EXPECT_FALSE(overlapped) << "two tasks of one strand at once";
  }
}

}  // namespace
}  // namespace romp::plugin::test
