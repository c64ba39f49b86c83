// SPDX-License-Identifier: Apache-2.0
// What is kept from one filter of a row to the next, and what must not be.
#include "plugin/walk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>
#include <thread>

#include "unit/plugin/scripted_plugin.hpp"

namespace romp::plugin {
namespace {

using test::ScriptedPlugin;
using test::Shot;
using test::usual;
using testing::HasSubstr;
using testing::Not;

class WalkTest : public test::PluginTest {};

TEST_F(WalkTest, WhatOneFilterSaidByFailIsNotTheReasonOfTheNext) {
  ScriptedPlugin p;
  p.filter(usual(), [&](const romp_ctx*, romp_frame*) {
    p.host->fail(p.host, ROMP_E_INVAL, ROMP_STR("an old story"));
    return ROMP_CONTINUE;
  });
  p.filter(usual(), [](const romp_ctx*, romp_frame*) { return ROMP_E_FAULT; });
  run(p);
  testing::internal::CaptureStderr();
  EXPECT_EQ(chain_of({&p}).run(ROMP_STAGE_FRAME, Shot::make(peer)->call).verdict, ROMP_REJECT);
  const auto log = testing::internal::GetCapturedStderr();
  EXPECT_THAT(log, HasSubstr("filter f1 failed (-13)"));
  EXPECT_THAT(log, Not(HasSubstr("an old story")));
}

TEST_F(WalkTest, APasscodeThatIsSetOnTheWayIsHiddenFromThoseBehind) {
  ScriptedPlugin first("a");
  ScriptedPlugin trusted("b", ROMP_CAP_FRAMES | ROMP_CAP_MUTATE | ROMP_CAP_CREDENTIALS);
  ScriptedPlugin blind("c");
  const auto shown = [](const romp_frame* frame) {
    return romp_frame_header(frame, ROMP_STR("passcode")).data != nullptr;
  };
  first.filter(usual(), [&](const romp_ctx*, romp_frame* frame) {
    EXPECT_FALSE(shown(frame));
    return ROMP_CONTINUE;
  });
  trusted.filter(usual(ROMP_FILTER_MUTATES), [&](const romp_ctx*, romp_frame* frame) {
    trusted.host->frame_set_header(trusted.host, frame, ROMP_STR("passcode"), ROMP_STR("x"));
    EXPECT_TRUE(shown(frame));
    return ROMP_CONTINUE;
  });
  bool asked = false;
  blind.filter(usual(), [&](const romp_ctx*, romp_frame* frame) {
    asked = true;
    EXPECT_FALSE(shown(frame));
    return ROMP_CONTINUE;
  });
  run(first, 0);
  run(trusted, 1);
  run(blind, 2);
  chain_of({&first, &trusted, &blind}).run(ROMP_STAGE_FRAME, Shot::make(peer)->call);
  EXPECT_TRUE(asked);
}

TEST_F(WalkTest, ASerialInstanceIsLeftBeforeTheNextOneIsWaitedFor) {
  ScriptedPlugin a("a");
  ScriptedPlugin b("b");
  const auto nothing = [](const romp_ctx*, romp_frame*) { return ROMP_CONTINUE; };
  a.filter(usual(), nothing).filter(usual(), nothing);
  b.filter(usual(), nothing).filter(usual(), nothing);
  run(a, 0);
  run(b, 1);
  const Chain forth = chain_of({&a, &b});
  std::vector<Filter> turned;
  for (const auto& filter : forth.filters()) {
    turned.push_back(filter);
    turned.back().priority = filter.instance->name() == "a" ? 1 : 0;
  }
  const Chain other_way(std::move(turned));
  std::latch begin(2);
  const auto go = [&](const Chain& chain) {
    Peer session;
    begin.arrive_and_wait();
    for (int i = 0; i < 5000; ++i) chain.run(ROMP_STAGE_FRAME, Shot::make(session)->call);
  };
  {
    const std::jthread one([&] { go(forth); });  // for ever, if each held what the other wants
    const std::jthread two([&] { go(other_way); });
  }
  EXPECT_EQ(a.instance->filters()[0].counters->calls, 10'000U);
}

TEST_F(WalkTest, TheThreadIsNamedForEachFilterAndNowhereAfterwards) {
  ScriptedPlugin a("a");
  ScriptedPlugin b("b");
  std::vector<std::string> places;
  const auto note = [&](const romp_ctx*, romp_frame*) {
    const auto& layer = *ThreadSlot::mine().top();
    places.push_back(std::string(layer.plugin.load()) + ", " + layer.doing.load());
    return ROMP_CONTINUE;
  };
  a.filter(usual(), note).filter(usual(), note);
  b.filter(usual(), note);
  run(a, 0);
  run(b, 1);
  chain_of({&a, &b}).run(ROMP_STAGE_FRAME, Shot::make(peer)->call);
  EXPECT_THAT(places, testing::ElementsAre("a, filter f0", "a, filter f1", "b, filter f0"));
  EXPECT_EQ(ThreadSlot::mine().top(), nullptr);
  for (const auto& layer : ThreadSlot::mine().layers()) {
    EXPECT_EQ(layer.plugin.load(), nullptr);
    EXPECT_EQ(layer.inside.load(), nullptr);
  }
}

TEST_F(WalkTest, AnInstanceThatStopsBetweenTwoOfItsFiltersIsNotAskedAgain) {
  ScriptedPlugin p("p", ROMP_CAP_FRAMES, ROMP_PLUGIN_CONCURRENT);
  std::jthread stopper;
  p.filter(usual(), [&](const romp_ctx*, romp_frame*) {
    stopper = std::jthread([&] { p.instance->stop(); });
    while (Instance::Visit(*p.instance, Mark::session, nullptr, "a look", 0)) {
      std::this_thread::yield();
    }
    return ROMP_CONTINUE;
  });
  bool again = false;
  p.filter(usual(), [&](const romp_ctx*, romp_frame*) {
    again = true;
    return ROMP_CONTINUE;
  });
  run(p);
  const auto chain = chain_of({&p});
  EXPECT_EQ(chain.run(ROMP_STAGE_FRAME, Shot::make(peer)->call).verdict, ROMP_REJECT);
  stopper.join();
  EXPECT_FALSE(again);
}

}  // namespace
}  // namespace romp::plugin
