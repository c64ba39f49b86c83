// SPDX-License-Identifier: Apache-2.0
#include "plugin/deferrals.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>

#include "unit/plugin/scripted_plugin.hpp"

namespace romp::plugin::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class DeferralTest : public PluginTest {
 protected:
  explicit DeferralTest(std::uint32_t stage = ROMP_STAGE_FRAME, std::uint32_t more_flags = 0,
                        std::uint64_t capabilities = ROMP_CAP_FRAMES | ROMP_CAP_MUTATE)
      : plugin("later", capabilities) {
    romp_filter f{};
    f.stage = stage;
    f.flags = ROMP_FILTER_MAY_DEFER | more_flags;
    plugin.filter(f, [this](const romp_ctx* ctx, romp_frame* frame) {
      kept = frame;
      EXPECT_EQ(plugin.host->defer(plugin.host, ctx, &id), ROMP_OK);
      return after_defer;
    });
    run(plugin);
    chain = chain_of({&plugin});
    shot = Shot::make(peer);
  }

  Outcome defer() { return chain.run(plugin.instance->filters()[0].stage, shot->call); }
  romp_status resume(romp_verdict verdict, const romp_error* error = nullptr) {
    return plugin.host->resume(plugin.host, id, verdict, error);
  }
  const Counters& counters() { return *plugin.instance->filters()[0].counters; }

  ScriptedPlugin plugin;
  Chain chain;
  std::shared_ptr<Shot> shot;
  romp_defer_id id = 0;
  romp_frame* kept = nullptr;
  romp_verdict after_defer = ROMP_DEFER;
};

TEST_F(DeferralTest, ResumeGoesToTheSessionOnce) {
  EXPECT_EQ(defer().verdict, ROMP_DEFER);
  EXPECT_EQ(shot->call.deferred, id);
  EXPECT_EQ(counters().deferred, 1U);
  EXPECT_EQ(resume(ROMP_HANDLED), ROMP_OK);
  EXPECT_EQ(resume(ROMP_HANDLED), ROMP_E_GONE);
  ASSERT_EQ(gateway.resumed.size(), 1U);
  EXPECT_EQ(gateway.resumed[0].session, 7U);
  EXPECT_EQ(gateway.resumed[0].id, id);
  EXPECT_EQ(gateway.resumed[0].how.verdict, ROMP_HANDLED);
}

TEST_F(DeferralTest, ResumeWithRejectCarriesItsTexts) {
  defer();
  const auto error = error_of("no", "because", ROMP_ERR_FATAL);
  EXPECT_EQ(resume(ROMP_REJECT, &error), ROMP_OK);
  const auto& how = gateway.resumed.at(0).how;
  EXPECT_EQ(how.reply, "no");
  EXPECT_EQ(how.log, "because");
  EXPECT_TRUE(how.fatal);
  EXPECT_EQ(counters().rejected, 1U);
}

TEST_F(DeferralTest, ABareRejectNamesThePlugin) {
  defer();
  EXPECT_EQ(resume(ROMP_REJECT), ROMP_OK);
  EXPECT_EQ(gateway.resumed.at(0).how.reply, "plugin \"later\" refused the frame");
}

TEST_F(DeferralTest, ResumeRefusesVerdictsThatAreNoneAndStaysOpen) {
  defer();
  EXPECT_EQ(resume(ROMP_DEFER), ROMP_E_INVAL);
  EXPECT_EQ(resume(77), ROMP_E_INVAL);
  auto error = error_of("no");
  error.flags = 0x80;
  EXPECT_EQ(resume(ROMP_REJECT, &error), ROMP_E_INVAL);
  EXPECT_EQ(resume(ROMP_CONTINUE), ROMP_OK);
}

TEST_F(DeferralTest, ResumeWithAStatusIsAFaultAndFailsClosed) {
  defer();
  EXPECT_EQ(resume(ROMP_E_FAULT), ROMP_OK);
  EXPECT_EQ(gateway.resumed.at(0).how.verdict, ROMP_REJECT);
  EXPECT_EQ(gateway.resumed.at(0).how.reply, "plugin \"later\" failed");
  EXPECT_EQ(counters().faults, 1U);
}

TEST_F(DeferralTest, ResumeFromEightThreadsHasOneWinner) {
  for (int round = 0; round < 50; ++round) {
    shot = Shot::make(peer);
    defer();
    std::atomic<int> won{0};
    std::atomic<int> gone{0};
    std::latch begin(8);
    {
      std::vector<std::jthread> threads;
      for (int t = 0; t < 8; ++t) {
        threads.emplace_back([&] {
          begin.arrive_and_wait();
          (resume(ROMP_CONTINUE) == ROMP_OK ? won : gone).fetch_add(1);
        });
      }
    }
    EXPECT_EQ(won, 1);
    EXPECT_EQ(gone, 7);
  }
  EXPECT_EQ(gateway.resumed.size(), 50U);
}

TEST_F(DeferralTest, IdsAreNeverUsedAgain) {
  std::vector<romp_defer_id> ids;
  for (int i = 0; i < 100; ++i) {
    shot = Shot::make(peer);
    defer();
    ids.push_back(id);
    resume(ROMP_CONTINUE);
  }
  EXPECT_TRUE(std::ranges::is_sorted(ids));
  EXPECT_EQ(std::ranges::adjacent_find(ids), ids.end());
  EXPECT_NE(ids.front(), 0U);
}

TEST_F(DeferralTest, AnotherInstanceCannotResume) {
  ScriptedPlugin other("other");
  run(other, 1);
  defer();
  EXPECT_EQ(other.host->resume(other.host, id, ROMP_HANDLED, nullptr), ROMP_E_GONE);
  EXPECT_EQ(resume(ROMP_HANDLED), ROMP_OK);
}

TEST_F(DeferralTest, AfterTheSessionDiedResumeSaysGoneAndTheFrameStayedReadable) {
  shot->with("destination", "/queue/a").frame.set_body("still here");
  const std::weak_ptr<Shot> memory = shot;
  defer();
  deferrals.give_up(id);
  shot.reset();
  EXPECT_FALSE(memory.expired());
  EXPECT_EQ(view(kept->body), "still here");
  EXPECT_EQ(view(romp_frame_header(kept, ROMP_STR("destination"))), "/queue/a");
  EXPECT_EQ(resume(ROMP_HANDLED), ROMP_E_GONE);
  EXPECT_TRUE(memory.expired());
  EXPECT_THAT(gateway.resumed, IsEmpty());
}

TEST_F(DeferralTest, GivingUpAndResumingHaveOneWinner) {
  for (int round = 0; round < 200; ++round) {
    shot = Shot::make(peer);
    defer();
    romp_status resumed = ROMP_OK;
    const Filter* given_up = nullptr;
    std::latch begin(2);
    std::jthread other([&] {
      begin.arrive_and_wait();
      resumed = resume(ROMP_CONTINUE);
    });
    begin.arrive_and_wait();
    given_up = deferrals.give_up(id);
    other.join();
    EXPECT_EQ(given_up == nullptr, resumed == ROMP_OK);
  }
}

TEST_F(DeferralTest, AFilterThatDoesNotReturnDeferHasDeferredNothing) {
  for (const romp_verdict verdict : {ROMP_CONTINUE, ROMP_HANDLED, ROMP_REJECT, 77}) {
    after_defer = verdict;
    shot = Shot::make(peer);
    defer();
    EXPECT_EQ(shot->call.deferred, 0U);
    EXPECT_EQ(resume(ROMP_CONTINUE), ROMP_E_GONE);
  }
}

TEST_F(DeferralTest, AFrameMayBeResumedBeforeTheFilterHasReturned) {
  ScriptedPlugin quick("quick");
  quick.filter(usual(ROMP_FILTER_MAY_DEFER), [&](const romp_ctx* ctx, romp_frame*) {
    romp_defer_id mine = 0;
    quick.host->defer(quick.host, ctx, &mine);
    EXPECT_EQ(quick.host->resume(quick.host, mine, ROMP_HANDLED, nullptr), ROMP_OK);
    return ROMP_DEFER;
  });
  run(quick, 1);
  const auto c = chain_of({&quick});
  EXPECT_EQ(c.run(ROMP_STAGE_FRAME, shot->call).verdict, ROMP_DEFER);
  EXPECT_EQ(gateway.resumed.size(), 1U);
}

TEST_F(DeferralTest, WhileDeferredTheFrameMayBeChangedAndRetainedFromAnyThread) {
  defer();
  std::jthread([&] {
    const auto* h = plugin.host;
    EXPECT_EQ(h->frame_set_header(h, kept, ROMP_STR("x"), ROMP_STR("1")), ROMP_E_DENIED)
        << "without ROMP_FILTER_MUTATES";
    const auto* retained = h->frame_retain(h, kept);
    ASSERT_NE(retained, nullptr);
    h->frame_release(h, retained);
  }).join();
  resume(ROMP_CONTINUE);
  EXPECT_EQ(plugin.host->frame_set_header(plugin.host, kept, ROMP_STR("x"), ROMP_STR("2")),
            ROMP_E_THREAD);
}

TEST_F(DeferralTest, TheSessionOfADeferredFrameMayBeAnsweredWithoutTheCapability) {
  defer();
  const auto m = message_of("/reply", "pong");
  EXPECT_EQ(plugin.host->session_send(plugin.host, 7, &m), ROMP_OK);
  EXPECT_EQ(plugin.host->session_send(plugin.host, 8, &m), ROMP_E_DENIED);
  resume(ROMP_HANDLED);
  EXPECT_EQ(plugin.host->session_send(plugin.host, 7, &m), ROMP_E_DENIED);
}

TEST_F(DeferralTest, StopRejectsWhatIsStillDeferred) {
  defer();
  plugin.instance->stop();
  ASSERT_EQ(gateway.resumed.size(), 1U);
  EXPECT_EQ(gateway.resumed[0].id, id);
  EXPECT_EQ(gateway.resumed[0].how.verdict, ROMP_REJECT);
}

TEST_F(DeferralTest, InStopAPluginMayStillResume) {
  plugin.stop = [this] { EXPECT_EQ(resume(ROMP_HANDLED), ROMP_OK); };
  defer();
  plugin.instance->stop();
  ASSERT_EQ(gateway.resumed.size(), 1U);
  EXPECT_EQ(gateway.resumed[0].how.verdict, ROMP_HANDLED);
}

TEST_F(DeferralTest, TooManyForgottenFramesAreNotCollectedForEver) {
  std::vector<std::shared_ptr<Shot>> all;
  for (std::size_t i = 0; i < Deferrals::most_of_one_instance; ++i) {
    Deferral d;
    d.owner = plugin.instance.get();
    all.push_back(Shot::make(peer));
    d.call = &all.back()->call;
    d.session = i;
    romp_defer_id dead = 0;
    ASSERT_EQ(deferrals.open(std::move(d), dead), ROMP_OK);
    deferrals.give_up(dead);
  }
  Deferral one_more;
  one_more.owner = plugin.instance.get();
  one_more.call = &shot->call;
  romp_defer_id none = 0;
  EXPECT_EQ(deferrals.open(std::move(one_more), none), ROMP_E_AGAIN);
  plugin.instance->stop();
  EXPECT_THAT(gateway.resumed, IsEmpty()) << "their sessions wait no longer";
}

TEST_F(DeferralTest, ACallThatNothingKeepsAliveCannotBeDeferred) {
  ScriptedPlugin p("hasty");
  romp_status answer = ROMP_OK;
  p.filter(usual(ROMP_FILTER_MAY_DEFER), [&](const romp_ctx* ctx, romp_frame*) {
    answer = p.host->defer(p.host, ctx, &id);
    return ROMP_CONTINUE;
  });
  run(p, 1);
  const auto c = chain_of({&p});
  Shot on_the_stack(peer);
  c.run(ROMP_STAGE_FRAME, on_the_stack.call);
  EXPECT_EQ(answer, ROMP_E_STATE);
}

class FailOpenDeferralTest : public DeferralTest {
 protected:
  FailOpenDeferralTest() : DeferralTest(ROMP_STAGE_FRAME, ROMP_FILTER_FAIL_OPEN) {}
};

TEST_F(FailOpenDeferralTest, AFaultContinues) {
  defer();
  EXPECT_EQ(resume(ROMP_E_FAULT), ROMP_OK);
  EXPECT_EQ(gateway.resumed.at(0).how.verdict, ROMP_CONTINUE);
}

class MutatingDeferralTest : public DeferralTest {
 protected:
  MutatingDeferralTest() : DeferralTest(ROMP_STAGE_FRAME, ROMP_FILTER_MUTATES) {}
};

TEST_F(MutatingDeferralTest, ADeferredFrameIsChangedByTheThreadThatHasIt) {
  defer();
  std::jthread([&] {
    const auto* h = plugin.host;
    EXPECT_EQ(h->frame_set_header(h, kept, ROMP_STR("x"), ROMP_STR("1")), ROMP_OK);
    EXPECT_EQ(view(romp_frame_header(kept, ROMP_STR("x"))), "1");
  }).join();
  EXPECT_EQ(resume(ROMP_CONTINUE), ROMP_OK);
  EXPECT_EQ(shot->frame.find("x"), "1");
}

class AuthDeferralTest : public DeferralTest {
 protected:
  AuthDeferralTest() : DeferralTest(ROMP_STAGE_AUTH, 0, ROMP_CAP_FRAMES | ROMP_CAP_AUTH) {}
};

TEST_F(AuthDeferralTest, AUserIsNamedBeforeTheResume) {
  defer();
  const auto* h = plugin.host;
  EXPECT_EQ(h->authenticate(h, 8, ROMP_STR("ann")), ROMP_E_GONE);
  EXPECT_EQ(h->authenticate(h, 7, ROMP_STR("ann")), ROMP_OK);
  EXPECT_EQ(resume(ROMP_HANDLED), ROMP_OK);
  EXPECT_EQ(shot->call.authenticated, "ann");
  EXPECT_EQ(gateway.resumed.at(0).how.verdict, ROMP_HANDLED);
  EXPECT_EQ(h->authenticate(h, 7, ROMP_STR("bob")), ROMP_E_GONE);
}

TEST_F(AuthDeferralTest, HandledWithoutAUserIsAFault) {
  defer();
  testing::internal::CaptureStderr();
  EXPECT_EQ(resume(ROMP_HANDLED), ROMP_OK);
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              HasSubstr("resumed with HANDLED without authenticate()"));
  EXPECT_EQ(gateway.resumed.at(0).how.verdict, ROMP_REJECT);
}

}  // namespace
}  // namespace romp::plugin::test
