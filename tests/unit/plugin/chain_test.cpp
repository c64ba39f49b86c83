// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "unit/plugin/scripted_plugin.hpp"

namespace romp::plugin::test {
namespace {

using stomp::Command;
using testing::ElementsAre;
using testing::HasSubstr;

romp_filter at_stage(std::uint32_t stage, std::uint32_t flags = 0) {
  romp_filter f{};
  f.stage = stage;
  f.flags = flags;
  return f;
}

ScriptedPlugin::OnFrame answers(romp_verdict verdict) {
  return [verdict](const romp_ctx*, romp_frame*) { return verdict; };
}

class ChainTest : public PluginTest {
 protected:
  /// One plugin with one filter, run once over a SEND.
  Outcome outcome_of(ScriptedPlugin& plugin, std::uint32_t stage = ROMP_STAGE_FRAME) {
    if (plugin.instance == nullptr) run(plugin);
    chain = chain_of({&plugin});
    shot = Shot::make(peer);
    return chain.run(stage, shot->call);
  }
  const Counters& counters(const ScriptedPlugin& plugin) {
    return *plugin.instance->filters().at(0).counters;
  }

  Chain chain;
  std::shared_ptr<Shot> shot;
};

TEST_F(ChainTest, OrdersByPriorityThenPluginIdThenRegistration) {
  std::vector<std::string> order;
  const auto notes = [&order](std::string name) {
    return [&order, name](const romp_ctx*, romp_frame*) {
      order.push_back(name);
      return ROMP_CONTINUE;
    };
  };
  ScriptedPlugin b("b");
  ScriptedPlugin a("a");
  auto late = usual();
  late.priority = 5;
  auto early = usual();
  early.priority = -5;
  b.filter(usual(), notes("b1")).filter(usual(), notes("b2")).filter(early, notes("b early"));
  a.filter(late, notes("a late")).filter(usual(), notes("a"));
  run(b, 0);
  run(a, 1);
  const auto both = chain_of({&b, &a});
  const auto frame = Shot::make(peer);
  EXPECT_EQ(both.run(ROMP_STAGE_FRAME, frame->call).verdict, ROMP_CONTINUE);
  EXPECT_THAT(order, ElementsAre("b early", "a", "b1", "b2", "a late"));
}

TEST_F(ChainTest, MasksSayForEachStageAndCommandWhatIsWanted) {
  ScriptedPlugin p;
  auto f = usual(ROMP_FILTER_MAY_DEFER);
  f.commands = ROMP_MASK(ROMP_CMD_SEND) | ROMP_MASK(ROMP_CMD_UNKNOWN);
  p.filter(f, answers(ROMP_CONTINUE));
  run(p);
  const auto c = chain_of({&p});
  EXPECT_TRUE(c.wants(ROMP_STAGE_FRAME, Command::send));
  EXPECT_TRUE(c.wants(ROMP_STAGE_FRAME, Command::unknown));
  EXPECT_FALSE(c.wants(ROMP_STAGE_FRAME, Command::subscribe));
  EXPECT_FALSE(c.wants(ROMP_STAGE_ACCEPT, Command::send));
  EXPECT_TRUE(c.may_defer(ROMP_STAGE_FRAME, Command::send));
  EXPECT_FALSE(c.may_defer(ROMP_STAGE_PRE_ROUTE, Command::send));
  EXPECT_TRUE(c.may_defer(Command::send));
  EXPECT_FALSE(c.may_defer(Command::ack));
}

TEST_F(ChainTest, FindsTheFirstFilterForAFrameAndTheFirstThatNeedsItsBody) {
  ScriptedPlugin p;
  auto elsewhere = usual(ROMP_FILTER_NEED_BODY);
  elsewhere.destination = "/queue/elsewhere";
  p.filter(elsewhere, answers(ROMP_CONTINUE))
      .filter(usual(), answers(ROMP_CONTINUE))
      .filter(usual(), answers(ROMP_CONTINUE))
      .filter(usual(ROMP_FILTER_MAY_DEFER), answers(ROMP_CONTINUE))
      .filter(usual(ROMP_FILTER_NEED_BODY), answers(ROMP_CONTINUE));
  run(p);
  const auto c = chain_of({&p});
  const auto with_frame = Shot::make(peer);
  const auto& frame = with_frame->call.frame;
  EXPECT_EQ(c.first_for(ROMP_STAGE_FRAME, frame), 1U);
  EXPECT_EQ(c.first_for(ROMP_STAGE_FRAME, frame, 2), 2U);
  EXPECT_EQ(c.first_for(ROMP_STAGE_FRAME, frame, 5), Chain::none);
  EXPECT_EQ(c.first_for(ROMP_STAGE_PRE_ROUTE, frame), Chain::none);
  EXPECT_EQ(c.first_to_wait(ROMP_STAGE_FRAME, frame), 3U);
  EXPECT_EQ(c.first_to_wait(ROMP_STAGE_PRE_ROUTE, frame), Chain::none);
}

TEST_F(ChainTest, AnEmptyChainWantsNothingAndContinues) {
  const Chain empty;
  const auto frame = Shot::make(peer);
  EXPECT_FALSE(empty.wants(ROMP_STAGE_FRAME, Command::send));
  EXPECT_EQ(empty.run(ROMP_STAGE_FRAME, frame->call).verdict, ROMP_CONTINUE);
}

TEST_F(ChainTest, AFilterForAnyCommandSeesWordsThatAreNone) {
  ScriptedPlugin p;
  auto f = at_stage(ROMP_STAGE_UNHANDLED);
  f.commands = ROMP_MASK_ANY;
  std::string verb;
  std::uint32_t number = 0;
  p.filter(f, [&](const romp_ctx*, romp_frame* frame) {
    verb = view(frame->verb);
    number = frame->command;
    return ROMP_HANDLED;
  });
  run(p);
  const auto c = chain_of({&p});
  const auto frame = Shot::make(peer, Command::unknown);
  frame->frame.word = "FROBNICATE";
  EXPECT_EQ(c.run(ROMP_STAGE_UNHANDLED, frame->call).verdict, ROMP_HANDLED);
  EXPECT_EQ(verb, "FROBNICATE");
  EXPECT_EQ(number, std::uint32_t{ROMP_CMD_UNKNOWN});
}

TEST_F(ChainTest, FindsFiltersWhateverDestinationsLookAlike) {
  for (const char* destination : {"*", "/*", "/", "/q", "/q*", "/queue/a", "/queue/*", "x", ""}) {
    ScriptedPlugin p;
    auto f = usual();
    f.destination = destination;
    p.filter(f, answers(ROMP_HANDLED));
    run(p);
    const auto c = chain_of({&p});
    const std::string_view wanted = destination;
    for (const std::string_view name :
         {"", "/", "x", "/q", "/queue/a", "/queue/b", "/queue/ab", "/topic/a"}) {
      const bool is_prefix = wanted.ends_with('*');
      const bool is_for =
          is_prefix ? name.starts_with(wanted.substr(0, wanted.size() - 1)) : name == wanted;
      const auto frame = Shot::make(peer);
      frame->with("destination", name);
      EXPECT_EQ(c.first_for(ROMP_STAGE_FRAME, frame->frame) == 0, is_for)
          << destination << " " << name;
    }
  }
}

TEST_F(ChainTest, MatchesDestinationsExactlyOrByPrefix) {
  ScriptedPlugin p;
  auto exact = usual();
  exact.destination = "/virt/ping";
  auto prefix = usual();
  prefix.destination = "/queue/*";
  int exacts = 0;
  int prefixes = 0;
  p.filter(exact, [&](const romp_ctx*, romp_frame*) { return ++exacts, ROMP_CONTINUE; });
  p.filter(prefix, [&](const romp_ctx*, romp_frame*) { return ++prefixes, ROMP_CONTINUE; });
  run(p);
  const auto c = chain_of({&p});
  for (const auto* d : {"/virt/ping", "/virt/ping2", "/queue/", "/queue/a/b", "/queue", "/virt"}) {
    const auto frame = Shot::make(peer);
    frame->with("destination", d);
    c.run(ROMP_STAGE_FRAME, frame->call);
  }
  const auto without = Shot::make(peer);
  c.run(ROMP_STAGE_FRAME, without->call);
  EXPECT_EQ(exacts, 1);
  EXPECT_EQ(prefixes, 2);
}

TEST_F(ChainTest, AFilterForAHeaderRunsOnlyWhereItIsPresentEvenIfEmpty) {
  ScriptedPlugin p;
  auto f = usual();
  f.header = "x-trace";
  int calls = 0;
  p.filter(f, [&](const romp_ctx*, romp_frame*) { return ++calls, ROMP_CONTINUE; });
  run(p);
  const auto c = chain_of({&p});
  const auto without = Shot::make(peer);
  c.run(ROMP_STAGE_FRAME, without->call);
  const auto with = Shot::make(peer);
  with->with("x-trace", "");
  c.run(ROMP_STAGE_FRAME, with->call);
  EXPECT_EQ(calls, 1);
}

TEST_F(ChainTest, ShowsTheFrameAndTheSession) {
  ScriptedPlugin p;
  p.filter(usual(), [&](const romp_ctx* ctx, romp_frame* frame) {
    EXPECT_EQ(ctx->size, sizeof(romp_ctx));
    EXPECT_EQ(ctx->stage, std::uint32_t{ROMP_STAGE_FRAME});
    EXPECT_EQ(ctx->session, 7U);
    EXPECT_EQ(view(ctx->user), "ann");
    EXPECT_EQ(view(ctx->remote), "10.0.0.1:4711");
    EXPECT_EQ(ctx->now_ns, 1'000);
    EXPECT_EQ(frame->size, sizeof(romp_frame));
    EXPECT_EQ(frame->flags, 0U);
    EXPECT_EQ(view(frame->verb), "SEND");
    EXPECT_EQ(view(frame->destination), "/queue/a");
    EXPECT_EQ(frame->header_count, 2U);
    EXPECT_EQ(view(romp_frame_header(frame, ROMP_STR("x"))), "1");
    EXPECT_EQ(view(frame->body), "hello");
    EXPECT_EQ(frame->body_size, 5U);
    return ROMP_HANDLED;
  });
  run(p);
  const auto c = chain_of({&p});
  const auto frame = Shot::make(peer);
  frame->with("destination", "/queue/a").with("x", "1").frame.set_body("hello");
  EXPECT_EQ(c.run(ROMP_STAGE_FRAME, frame->call).verdict, ROMP_HANDLED);
}

TEST_F(ChainTest, AViewThatIsReadAfterTheCallIsFoundByTheAddressSanitizer) {
#ifdef __SANITIZE_ADDRESS__
  const romp_frame* kept = nullptr;
  const romp_header* headers = nullptr;
  const romp_ctx* context = nullptr;
  ScriptedPlugin p;
  p.filter(usual(), [&](const romp_ctx* ctx, romp_frame* frame) {
    kept = frame;
    headers = frame->headers;
    context = ctx;
    return ROMP_CONTINUE;
  });
  run(p);
  const auto c = chain_of({&p});
  const auto frame = Shot::make(peer);
  frame->with("a", "b");
  c.run(ROMP_STAGE_FRAME, frame->call);
  const volatile std::uint64_t* const late[] = {&kept->body_size, &headers[0].name.len,
                                                &context->session};
  for (const auto* read : late) EXPECT_DEATH((void)*read, "use-after-poison");
  EXPECT_EQ(c.run(ROMP_STAGE_FRAME, frame->call).verdict, ROMP_CONTINUE);
#else
  GTEST_SKIP() << "NOT CHECKED: only a build with the address sanitizer finds it";
#endif
}

TEST_F(ChainTest, ShowsThatABodyIsPendingAndHowLargeItWillBe) {
  ScriptedPlugin p;
  p.filter(usual(), [&](const romp_ctx*, romp_frame* frame) {
    EXPECT_EQ(frame->flags, ROMP_FRAME_BODY_PENDING);
    EXPECT_EQ(frame->body.data, nullptr);
    EXPECT_EQ(frame->body_size, 100U << 20U);
    return ROMP_REJECT;
  });
  run(p);
  const auto c = chain_of({&p});
  const auto frame = Shot::make(peer);
  frame->call.body_pending = true;
  frame->call.pending_size = 100U << 20U;
  EXPECT_EQ(c.run(ROMP_STAGE_FRAME, frame->call).verdict, ROMP_REJECT);
}

TEST_F(ChainTest, PasscodeReadsAsAbsentWithoutTheCapability) {
  ScriptedPlugin blind("blind", ROMP_CAP_FRAMES);
  ScriptedPlugin trusted("trusted", ROMP_CAP_FRAMES | ROMP_CAP_CREDENTIALS);
  auto f = at_stage(ROMP_STAGE_ACCEPT);
  f.commands = ROMP_MASK(ROMP_CMD_CONNECT);
  std::vector<std::string> seen;
  const auto look = [&seen](const romp_ctx*, romp_frame* frame) {
    const auto value = romp_frame_header(frame, ROMP_STR("passcode"));
    seen.emplace_back(value.data == nullptr ? "absent" : view(value));
    EXPECT_EQ(view(romp_frame_header(frame, ROMP_STR("login"))), "ann");
    return ROMP_CONTINUE;
  };
  blind.filter(f, look).filter(f, look);
  trusted.filter(f, look);
  run(blind, 0);
  run(trusted, 1);
  const auto c = chain_of({&blind, &trusted});
  const auto frame = Shot::make(peer, Command::connect);
  frame->with("passcode", "secret").with("login", "ann");
  c.run(ROMP_STAGE_ACCEPT, frame->call);
  EXPECT_THAT(seen, ElementsAre("absent", "absent", "secret"));
}

TEST_F(ChainTest, EachInstanceHasItsOwnSlotInASession) {
  ScriptedPlugin a("a");
  ScriptedPlugin b("b");
  static int mine = 0;
  a.filter(usual(), [](const romp_ctx* ctx, romp_frame*) {
    EXPECT_TRUE(*ctx->slot == nullptr || *ctx->slot == &mine);
    *ctx->slot = &mine;
    return ROMP_CONTINUE;
  });
  b.filter(usual(), [](const romp_ctx* ctx, romp_frame*) {
    EXPECT_EQ(*ctx->slot, nullptr);
    return ROMP_CONTINUE;
  });
  run(a, 0);
  run(b, 1);
  const auto c = chain_of({&a, &b});
  for (int i = 0; i < 2; ++i) {
    const auto frame = Shot::make(peer);
    c.run(ROMP_STAGE_FRAME, frame->call);
  }
  EXPECT_EQ(peer.slots.at(0), &mine);
  EXPECT_EQ(peer.slots.at(1), nullptr);
}

TEST_F(ChainTest, HandledAndRejectEndTheWalkAtEveryStageWithAnEffect) {
  for (const std::uint32_t stage : {ROMP_STAGE_ACCEPT, ROMP_STAGE_FRAME, ROMP_STAGE_PRE_ROUTE,
                                    ROMP_STAGE_OUTBOUND, ROMP_STAGE_UNHANDLED}) {
    for (const romp_verdict verdict : {ROMP_HANDLED, ROMP_REJECT}) {
      ScriptedPlugin p;
      p.filter(at_stage(stage), answers(ROMP_CONTINUE));
      p.filter(at_stage(stage), answers(verdict));
      p.filter(at_stage(stage), [](const romp_ctx*, romp_frame*) -> romp_verdict {
        ADD_FAILURE() << "called behind a verdict";
        return ROMP_CONTINUE;
      });
      const auto outcome = outcome_of(p, stage);
      EXPECT_EQ(outcome.verdict, verdict) << stage;
      EXPECT_EQ(outcome.at, 1U);
      EXPECT_EQ(outcome.filter->name, "f1");
    }
  }
}

TEST_F(ChainTest, TheVerdictOfPostRouteIsIgnoredAndAllObserversRun) {
  for (const romp_verdict verdict : {ROMP_HANDLED, ROMP_REJECT, ROMP_DEFER, 77, ROMP_E_FAULT}) {
    ScriptedPlugin p;
    int calls = 0;
    p.filter(at_stage(ROMP_STAGE_POST_ROUTE), answers(verdict));
    p.filter(at_stage(ROMP_STAGE_POST_ROUTE),
             [&](const romp_ctx*, romp_frame*) { return ++calls, ROMP_CONTINUE; });
    EXPECT_EQ(outcome_of(p, ROMP_STAGE_POST_ROUTE).verdict, ROMP_CONTINUE) << verdict;
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(shot->call.reply, "");
  }
}

TEST_F(ChainTest, AResumedWalkBeginsBehindTheFilterThatDeferred) {
  ScriptedPlugin p;
  std::vector<std::uint32_t> flags;
  p.filter(usual(), answers(ROMP_CONTINUE));
  p.filter(usual(ROMP_FILTER_MAY_DEFER), [&](const romp_ctx* ctx, romp_frame*) {
    romp_defer_id id = 0;
    EXPECT_EQ(p.host->defer(p.host, ctx, &id), ROMP_OK);
    return ROMP_DEFER;
  });
  p.filter(usual(), [&](const romp_ctx*, romp_frame* frame) {
    flags.push_back(frame->flags);
    return ROMP_HANDLED;
  });
  const auto first = outcome_of(p);
  ASSERT_EQ(first.verdict, ROMP_DEFER);
  EXPECT_NE(shot->call.deferred, 0U);
  const auto second = chain.run(ROMP_STAGE_FRAME, shot->call, first.at + 1);
  EXPECT_EQ(second.verdict, ROMP_HANDLED);
  EXPECT_EQ(second.at, 2U);
  EXPECT_THAT(flags, ElementsAre(ROMP_FRAME_RESUMED));
}

TEST_F(ChainTest, RejectCarriesItsTextsAndEndsTheSessionOnlyWhenFatal) {
  ScriptedPlugin p;
  p.filter(usual(), [&](const romp_ctx* ctx, romp_frame*) {
    const auto error = error_of("no", "because", ROMP_ERR_FATAL);
    return p.host->reject(p.host, ctx, &error);
  });
  EXPECT_EQ(outcome_of(p).verdict, ROMP_REJECT);
  EXPECT_EQ(shot->call.reply, "no");
  EXPECT_EQ(shot->call.log, "because");
  EXPECT_TRUE(shot->call.fatal);
  EXPECT_EQ(counters(p).rejected, 1U);
  EXPECT_EQ(counters(p).faults, 0U);
}

TEST_F(ChainTest, RejectWithoutALogTextLogsTheReply) {
  ScriptedPlugin p;
  p.filter(usual(), [&](const romp_ctx* ctx, romp_frame*) {
    const auto error = error_of("no");
    return p.host->reject(p.host, ctx, &error);
  });
  outcome_of(p);
  EXPECT_EQ(shot->call.log, "no");
  EXPECT_FALSE(shot->call.fatal);
}

TEST_F(ChainTest, ABareRejectNamesThePlugin) {
  ScriptedPlugin p("strict");
  p.filter(usual(), answers(ROMP_REJECT));
  EXPECT_EQ(outcome_of(p).verdict, ROMP_REJECT);
  EXPECT_EQ(shot->call.reply, "plugin \"strict\" refused the frame");
}

TEST_F(ChainTest, TextsOfAFilterThatContinuesAreForgotten) {
  ScriptedPlugin p;
  p.filter(usual(), [&](const romp_ctx* ctx, romp_frame*) {
    const auto error = error_of("no", "because", ROMP_ERR_FATAL);
    p.host->reject(p.host, ctx, &error);
    return ROMP_CONTINUE;
  });
  EXPECT_EQ(outcome_of(p).verdict, ROMP_CONTINUE);
  EXPECT_EQ(shot->call.reply, "");
  EXPECT_FALSE(shot->call.fatal);
}

struct Fault {
  const char* name;
  ScriptedPlugin::OnFrame on_frame;
  const char* logged;
};

std::vector<Fault> faults() {
  return {
      {"77", answers(77), "returned 77, which is no verdict"},
      {"negative", answers(ROMP_E_NOMEM), "failed (-2)"},
      {"undeclared DEFER", answers(ROMP_DEFER), "returned DEFER without ROMP_FILTER_MAY_DEFER"},
      {"exception",
       [](const romp_ctx*, romp_frame*) -> romp_verdict { throw std::runtime_error("ouch"); },
       "threw an exception: ouch"},
      {"int", [](const romp_ctx*, romp_frame*) -> romp_verdict { throw 5; }, "threw an exception"},
  };
}

TEST_F(ChainTest, AFaultIsCountedLoggedAndFailsClosed) {
  for (const auto& fault : faults()) {
    ScriptedPlugin p("bad");
    p.filter(usual(), fault.on_frame);
    testing::internal::CaptureStderr();
    const auto outcome = outcome_of(p);
    const auto log = testing::internal::GetCapturedStderr();
    EXPECT_EQ(outcome.verdict, ROMP_REJECT) << fault.name;
    EXPECT_EQ(shot->call.reply, "plugin \"bad\" failed");
    EXPECT_EQ(shot->call.log, "") << "it is in the log already";
    EXPECT_EQ(counters(p).faults, 1U);
    EXPECT_EQ(counters(p).rejected, 0U);
    EXPECT_THAT(log, HasSubstr("plugin bad: filter f0 " + std::string(fault.logged)));
  }
}

TEST_F(ChainTest, AFaultOfAFailOpenFilterContinues) {
  for (const auto& fault : faults()) {
    ScriptedPlugin p;
    int calls = 0;
    p.filter(usual(ROMP_FILTER_FAIL_OPEN), fault.on_frame);
    p.filter(usual(), [&](const romp_ctx*, romp_frame*) { return ++calls, ROMP_CONTINUE; });
    EXPECT_EQ(outcome_of(p).verdict, ROMP_CONTINUE) << fault.name;
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(counters(p).faults, 1U);
  }
}

TEST_F(ChainTest, AFaultAtOutboundDropsTheFrame) {
  ScriptedPlugin p;
  p.filter(at_stage(ROMP_STAGE_OUTBOUND), answers(77));
  EXPECT_EQ(outcome_of(p, ROMP_STAGE_OUTBOUND).verdict, ROMP_REJECT);
}

TEST_F(ChainTest, DeferWithoutAnIdIsAFault) {
  ScriptedPlugin p;
  p.filter(usual(ROMP_FILTER_MAY_DEFER), answers(ROMP_DEFER));
  testing::internal::CaptureStderr();
  EXPECT_EQ(outcome_of(p).verdict, ROMP_REJECT);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("returned DEFER without defer()"));
  EXPECT_EQ(counters(p).faults, 1U);
}

TEST_F(ChainTest, WhatFailSaysIsLoggedWithTheFault) {
  ScriptedPlugin p;
  p.filter(usual(), [&](const romp_ctx*, romp_frame*) {
    return p.host->fail(p.host, ROMP_E_INVAL, ROMP_STR("no pattern"));
  });
  testing::internal::CaptureStderr();
  outcome_of(p);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("failed (-1): no pattern"));
}

TEST_F(ChainTest, TheLogOfFaultsIsBoundedTheCountIsNot) {
  ScriptedPlugin p;
  p.filter(usual(), answers(77));
  run(p);
  chain = chain_of({&p});
  shot = Shot::make(peer);
  testing::internal::CaptureStderr();
  for (int i = 0; i < 1000; ++i) chain.run(ROMP_STAGE_FRAME, shot->call);
  const auto log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(counters(p).faults, 1000U);
  EXPECT_LE(std::ranges::count(log, '\n'), 30);
}

TEST_F(ChainTest, AFilterOfAStoppedInstanceFailsClosed) {
  ScriptedPlugin p("acl");
  p.filter(usual(), answers(ROMP_CONTINUE));
  run(p);
  p.instance->stop();
  EXPECT_EQ(outcome_of(p).verdict, ROMP_REJECT);
  EXPECT_EQ(shot->call.reply, "plugin \"acl\" failed");
  EXPECT_EQ(counters(p).calls, 0U);
}

TEST_F(ChainTest, AuthHandledNamesTheUser) {
  ScriptedPlugin p("ldap", ROMP_CAP_FRAMES | ROMP_CAP_AUTH);
  p.filter(at_stage(ROMP_STAGE_AUTH), [&](const romp_ctx* ctx, romp_frame*) -> romp_verdict {
    EXPECT_EQ(p.host->authenticate(p.host, ctx->session, ROMP_STR("ann")), ROMP_OK);
    return ROMP_HANDLED;
  });
  EXPECT_EQ(outcome_of(p, ROMP_STAGE_AUTH).verdict, ROMP_HANDLED);
  EXPECT_EQ(shot->call.authenticated, "ann");
  EXPECT_TRUE(shot->call.authenticate_called);
}

TEST_F(ChainTest, AuthHandledWithoutAUserIsAFault) {
  ScriptedPlugin p("ldap", ROMP_CAP_FRAMES | ROMP_CAP_AUTH);
  p.filter(at_stage(ROMP_STAGE_AUTH), answers(ROMP_HANDLED));
  EXPECT_EQ(outcome_of(p, ROMP_STAGE_AUTH).verdict, ROMP_REJECT);
  EXPECT_EQ(counters(p).faults, 1U);
}

TEST_F(ChainTest, AUserNamedByAFilterThatContinuesIsForgotten) {
  ScriptedPlugin p("ldap", ROMP_CAP_FRAMES | ROMP_CAP_AUTH);
  p.filter(at_stage(ROMP_STAGE_AUTH), [&](const romp_ctx* ctx, romp_frame*) -> romp_verdict {
    p.host->authenticate(p.host, ctx->session, ROMP_STR("mallory"));
    return ROMP_CONTINUE;
  });
  EXPECT_EQ(outcome_of(p, ROMP_STAGE_AUTH).verdict, ROMP_CONTINUE);
  EXPECT_EQ(shot->call.authenticated, "");
  EXPECT_FALSE(shot->call.authenticate_called);
}

}  // namespace
}  // namespace romp::plugin::test
