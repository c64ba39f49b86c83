// SPDX-License-Identifier: Apache-2.0
#include "plugin/instance.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <latch>
#include <mutex>
#include <thread>

#include "unit/plugin/scripted_plugin.hpp"

namespace romp::plugin::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class InstanceTest : public PluginTest {};

TEST_F(InstanceTest, LivesInOrder) {
  std::vector<std::string> calls;
  ScriptedPlugin p;
  p.create = [&](const romp_config*) { return calls.emplace_back("create"), ROMP_OK; };
  p.start = [&] { return calls.emplace_back("start"), ROMP_OK; };
  p.stop = [&] { calls.emplace_back("stop"); };
  p.destroy = [&] { calls.emplace_back("destroy"); };
  run(p);
  EXPECT_EQ(p.instance->state(), Instance::running);
  p.instance->stop();
  EXPECT_EQ(p.instance->state(), Instance::drained);
  p.instance->destroy();
  EXPECT_EQ(p.instance->state(), Instance::gone);
  p.instance->stop();
  p.instance->destroy();
  EXPECT_THAT(calls, ElementsAre("create", "start", "stop", "destroy"));
}

TEST_F(InstanceTest, OnlyCreateIsMandatory) {
  ScriptedPlugin p;
  p.descriptor.start = nullptr;
  p.descriptor.stop = nullptr;
  p.descriptor.destroy = nullptr;
  p.descriptor.drop_slot = nullptr;
  run(p);
  p.instance->drop_slot(&p);
  p.instance->stop();
  p.instance->destroy();
  EXPECT_EQ(p.instance->state(), Instance::gone);
}

TEST_F(InstanceTest, WhenCreateFailsNothingElseIsCalledAndTheReasonIsTold) {
  ScriptedPlugin p;
  p.filter(usual(), [](const romp_ctx*, romp_frame*) { return ROMP_CONTINUE; });
  p.create = [&](const romp_config*) {
    return p.host->fail(p.host, ROMP_E_INVAL, ROMP_STR("key 'pattern': unbalanced '('"));
  };
  p.destroy = [] { ADD_FAILURE(); };
  EXPECT_EQ(p.load(environment()), "create failed (-1): key 'pattern': unbalanced '('");
  EXPECT_EQ(p.instance->start(), "");
  EXPECT_TRUE(p.instance->filters().empty());
  EXPECT_EQ(p.host->post(
                p.host, [](void*, romp_status) {}, nullptr),
            ROMP_E_GONE);
}

TEST_F(InstanceTest, WhenCreateThrowsItHasFailed) {
  ScriptedPlugin p;
  p.create = [](const romp_config*) -> romp_status { throw std::runtime_error("ouch"); };
  EXPECT_EQ(p.load(environment()), "create failed (-13): it threw an exception: ouch");
}

TEST_F(InstanceTest, ACreateThatReturnsNonsenseHasFailed) {
  ScriptedPlugin p;
  p.create = [](const romp_config*) { return 77; };
  EXPECT_EQ(p.load(environment()), "create failed (77)");
}

TEST_F(InstanceTest, WhenStartFailsDestroyIsCalledAndStopIsNot) {
  bool destroyed = false;
  std::vector<romp_status> task;
  ScriptedPlugin p;
  p.start = [&] {
    const auto note = [](void* arg, romp_status s) {
      static_cast<std::vector<romp_status>*>(arg)->push_back(s);
    };
    EXPECT_EQ(p.host->post(p.host, note, &task), ROMP_OK);
    return p.host->fail(p.host, ROMP_E_NOTFOUND, ROMP_STR("no such host"));
  };
  p.stop = [] { ADD_FAILURE(); };
  p.destroy = [&] { destroyed = true; };
  ASSERT_EQ(p.load(environment()), "");
  EXPECT_EQ(p.instance->start(), "start failed (-9): no such host");
  EXPECT_TRUE(destroyed);
  EXPECT_THAT(task, ElementsAre(ROMP_E_CANCELLED));
}

TEST_F(InstanceTest, TheTableStaysAndSaysGoneToThreadsThatWereForgotten) {
  ScriptedPlugin p("left", ROMP_CAP_FRAMES | ROMP_CAP_PUBLISH);
  run(p);
  const auto* h = p.host;
  std::latch called(1);
  std::atomic<bool> gone{false};
  std::jthread forgotten([&] {
    const auto m = message_of("/queue/a", "x");
    while (h->publish(h, &m) != ROMP_E_GONE) {
      if (!called.try_wait()) called.count_down();
    }
    h->log(h, ROMP_LOG_INFO, ROMP_STR("nobody hears this"));
    EXPECT_EQ(h->fail(h, ROMP_E_INVAL, ROMP_STR("nor this")), ROMP_E_GONE);
    EXPECT_EQ(h->log_enabled(h, ROMP_LOG_ERROR), 0);
    EXPECT_EQ(h->frame_retain(h, nullptr), nullptr);
    h->frame_release(h, nullptr);
    h->metric_add(h, 1, 1);
    EXPECT_EQ(h->resume(h, 1, ROMP_CONTINUE, nullptr), ROMP_E_GONE);
    EXPECT_EQ(h->add_http(h, nullptr), ROMP_E_GONE);
    gone = true;
  });
  called.wait();
  p.instance->stop();
  p.instance->destroy();
  p.instance.reset();
  forgotten.join();
  EXPECT_TRUE(gone);
  EXPECT_STREQ(h->instance, "left");
}

TEST_F(InstanceTest, InDestroyTheHostIsGoneAlready) {
  ScriptedPlugin p;
  romp_status answer = ROMP_OK;
  p.destroy = [&] {
    answer = p.host->post(
        p.host, [](void*, romp_status) {}, nullptr);
  };
  run(p);
  p.instance->stop();
  p.instance->destroy();
  EXPECT_EQ(answer, ROMP_E_GONE);
}

/// Two threads in one filter: the first waits for the second as long as that can come.
class Meeting {
 public:
  /// True when another thread was inside at the same time.
  bool meet(bool wait) {
    std::unique_lock lock(mutex_);
    ++inside_;
    met_ = met_ || inside_ == 2;
    changed_.notify_all();
    if (wait) changed_.wait(lock, [this] { return met_; });
    --inside_;
    return met_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int inside_ = 0;
  bool met_ = false;
};

TEST_F(InstanceTest, CallsOfAConcurrentPluginMayOverlap) {
  ScriptedPlugin p("fast", ROMP_CAP_FRAMES, ROMP_PLUGIN_CONCURRENT);
  Meeting meeting;
  p.filter(usual(), [&](const romp_ctx*, romp_frame*) {
    meeting.meet(true);  // for ever, if they could not overlap
    return ROMP_CONTINUE;
  });
  run(p);
  const auto chain = chain_of({&p});
  Peer other;
  const auto go = [&](Peer& session) {
    const auto shot = Shot::make(session);
    chain.run(ROMP_STAGE_FRAME, shot->call);
  };
  std::jthread second([&] { go(other); });
  go(peer);
}

TEST_F(InstanceTest, CallsOfASerialPluginNeverOverlapWhateverTheirMark) {
  ScriptedPlugin p;
  std::atomic<int> inside{0};
  std::atomic<int> calls{0};
  std::atomic<bool> overlapped{false};
  const auto body = [&] {
    if (inside.fetch_add(1) != 0) overlapped = true;
    calls.fetch_add(1);
    inside.fetch_sub(1);
  };
  p.filter(usual(), [&](const romp_ctx*, romp_frame*) { return body(), ROMP_CONTINUE; });
  run(p);
  const auto chain = chain_of({&p});
  const std::function<void()> task_body = body;
  const auto task = [](void* arg, romp_status) {
    (*static_cast<const std::function<void()>*>(arg))();
  };
  constexpr int each = 2000;
  std::latch begin(4);
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 2; ++t) {
      threads.emplace_back([&] {
        Peer session;
        begin.arrive_and_wait();
        for (int i = 0; i < each; ++i) {
          const auto shot = Shot::make(session);
          chain.run(ROMP_STAGE_FRAME, shot->call);
        }
      });
    }
    for (const bool pool : {false, true}) {
      threads.emplace_back([&, pool] {
        begin.arrive_and_wait();
        for (int i = 0; i < each; ++i) {
          auto* arg = const_cast<std::function<void()>*>(&task_body);
          const auto* h = p.host;
          EXPECT_EQ(pool ? h->post_worker(h, task, arg) : h->post(h, task, arg), ROMP_OK);
          gateway.run_one();
        }
      });
    }
  }
  gateway.run_all();
  EXPECT_FALSE(overlapped);
  EXPECT_EQ(calls, 4 * each);
}

TEST_F(InstanceTest, StopWaitsForCallsThatAreRunning) {
  ScriptedPlugin p("busy", ROMP_CAP_FRAMES, ROMP_PLUGIN_CONCURRENT);
  std::latch inside(1);
  std::latch stopping(1);
  std::atomic<bool> left{false};
  p.filter(usual(), [&](const romp_ctx*, romp_frame*) {
    inside.count_down();
    stopping.wait();
    left = true;
    return ROMP_CONTINUE;
  });
  p.stop = [&] { stopping.count_down(); };
  run(p);
  const auto chain = chain_of({&p});
  std::jthread worker([&] {
    Peer session;
    const auto shot = Shot::make(session);
    EXPECT_EQ(chain.run(ROMP_STAGE_FRAME, shot->call).verdict, ROMP_CONTINUE);
  });
  inside.wait();
  p.instance->stop();
  EXPECT_TRUE(left);
}

TEST_F(InstanceTest, NoCallBeginsAfterStopReturned) {
  ScriptedPlugin p;
  std::atomic<bool> stopped{false};
  p.filter(usual(), [&](const romp_ctx*, romp_frame*) {
    EXPECT_FALSE(stopped);
    return ROMP_CONTINUE;
  });
  run(p);
  const auto chain = chain_of({&p});
  std::latch begin(3);
  std::vector<std::jthread> workers;
  for (int t = 0; t < 2; ++t) {
    workers.emplace_back([&] {
      Peer session;
      const auto shot = Shot::make(session);
      begin.arrive_and_wait();
      while (chain.run(ROMP_STAGE_FRAME, shot->call).verdict == ROMP_CONTINUE) {
      }
    });
  }
  begin.arrive_and_wait();
  p.instance->stop();
  stopped = true;
  p.instance->destroy();
}

TEST_F(InstanceTest, SlotsComeBackOnce) {
  ScriptedPlugin p;
  run(p);
  int slot = 0;
  p.instance->drop_slot(&slot);
  EXPECT_THAT(p.dropped, ElementsAre(&slot));
}

TEST_F(InstanceTest, ALongLineIsCutAndAFloodIsBounded) {
  ScriptedPlugin p("chatty");
  run(p);
  testing::internal::CaptureStderr();
  const std::string line(100'000, 'x');
  p.host->log(p.host, ROMP_LOG_WARN, str(line));
  for (int i = 0; i < 5'000; ++i) p.host->log(p.host, ROMP_LOG_WARN, ROMP_STR("again"));
  const auto log = testing::internal::GetCapturedStderr();
  EXPECT_LT(log.size(), 400'000U);
  EXPECT_THAT(log, HasSubstr("plugin chatty: again"));
  EXPECT_LE(std::ranges::count(log, '\n'), 3'000);
}

TEST_F(InstanceTest, ControlCharactersOfAPluginAreEscaped) {
  ScriptedPlugin p("forger");
  run(p);
  testing::internal::CaptureStderr();
  p.host->log(p.host, ROMP_LOG_ERROR, ROMP_STR("a\nE1125 admin logged in"));
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("a\\x0aE1125 admin"));
}

using InstanceDeathTest = InstanceTest;

TEST_F(InstanceDeathTest, APluginThatDoesNotReturnFromStopIsNamedAndTheProcessEnds) {
  const auto hang_in_stop = [this] {
    auto impatient = environment();
    impatient.stop_timeout = std::chrono::milliseconds(20);
    std::latch never(1);
    ScriptedPlugin p("hangs");
    p.stop = [&] { never.wait(); };
    p.load(impatient);
    p.instance->start();
    p.instance->stop();
  };
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(hang_in_stop(), testing::ExitedWithCode(1),
              "plugin hangs: stop did not return in 20 ms: the broker ends");
}

TEST_F(InstanceDeathTest, APluginThatDoesNotReturnFromStartIsNamedToo) {
  const auto hang_in_start = [this] {
    auto impatient = environment();
    impatient.start_timeout = std::chrono::milliseconds(20);
    std::latch never(1);
    ScriptedPlugin p("hangs");
    p.start = [&] { return never.wait(), ROMP_OK; };
    p.load(impatient);
    p.instance->start();
  };
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(hang_in_start(), testing::ExitedWithCode(1),
              "plugin hangs: start did not return in 20 ms");
}

}  // namespace
}  // namespace romp::plugin::test
