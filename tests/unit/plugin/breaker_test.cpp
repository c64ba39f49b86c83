// SPDX-License-Identifier: Apache-2.0
#include "plugin/breaker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugin/stuck.hpp"
#include "unit/plugin/scripted_plugin.hpp"

namespace romp::plugin::test {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Breaker, OpensAtTheLimitWithinItsWindowOnly) {
  Caution caution(0);
  Breaker breaker({3, milliseconds(100), false}, caution);
  const auto now = base::Clock::now() - std::chrono::hours(1);
  EXPECT_FALSE(breaker.note_fault(now));
  EXPECT_FALSE(breaker.note_fault(now));
  EXPECT_FALSE(breaker.note_fault(now + milliseconds(100)));
  EXPECT_FALSE(breaker.note_fault(now + milliseconds(110)));
  EXPECT_TRUE(breaker.note_fault(now + milliseconds(120)));
  EXPECT_TRUE(breaker.seems_open());
  EXPECT_FALSE(breaker.is_open()) << "that time is long over";
  EXPECT_EQ(breaker.openings(), 1U);
}

TEST(Breaker, WithoutALimitNeverOpens) {
  Caution caution(0);
  Breaker breaker({0, milliseconds(100), false}, caution);
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(breaker.note_fault(base::Clock::now()));
}

class FailingPlugin : public PluginTest {
 protected:
  void run(config::OnFault on_fault, std::uint32_t flags = 0) {
    plugin.filter(usual(flags), [this](const romp_ctx*, romp_frame*) { return ++calls, 77; });
    const bool for_ever = on_fault == config::OnFault::disable;
    ASSERT_EQ(plugin.load(environment()), "");
    plugin.instance =
        std::make_unique<Instance>(plugin.descriptor,
                                   Instance::Setup{"bad",
                                                   0,
                                                   ROMP_CAP_FRAMES,
                                                   std::chrono::seconds(10),
                                                   {},
                                                   on_fault,
                                                   {3, std::chrono::hours(1), for_ever}},
                                   environment());
    ASSERT_EQ(plugin.instance->create(), "");
    ASSERT_EQ(plugin.instance->start(), "");
    chain = chain_of({&plugin});
  }
  romp_verdict send() {
    const auto shot = Shot::make(peer);
    return chain.run(ROMP_STAGE_FRAME, shot->call).verdict;
  }

  int calls = 0;
  ScriptedPlugin plugin{"bad"};
  Chain chain;
};

TEST_F(FailingPlugin, IsNotAskedAnyMoreAndItsFramesAreRejected) {
  run(config::OnFault::reject);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(send(), ROMP_REJECT);
  EXPECT_EQ(calls, 3);
  EXPECT_EQ(plugin.instance->filters()[0].counters->blocked, 7U);
  EXPECT_EQ(plugin.instance->breaker().openings(), 1U);
}

TEST_F(FailingPlugin, MayFailOpen) {
  run(config::OnFault::let_through);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(send(), ROMP_CONTINUE);
  EXPECT_EQ(calls, 3);
}

TEST_F(FailingPlugin, IsDisabledWhereTheOperatorSaysSo) {
  run(config::OnFault::disable);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(send(), ROMP_REJECT);
  for (int i = 0; i < 7; ++i) EXPECT_EQ(send(), ROMP_CONTINUE);
  EXPECT_EQ(calls, 3);
  EXPECT_TRUE(plugin.instance->is_disabled());
}

TEST_F(FailingPlugin, ThatDoesNotReturnIsNamedOnce) {
  StuckCalls stuck;
  std::vector<std::string> first;
  std::vector<std::string> second;
  plugin.filter(usual(), [&](const romp_ctx*, romp_frame*) {
    const auto now = base::Time(std::chrono::nanoseconds(1'000)) + std::chrono::seconds(7);
    first = stuck.find(now, std::chrono::seconds(5));
    second = stuck.find(now, std::chrono::seconds(5));
    EXPECT_TRUE(StuckCalls().find(now, std::chrono::seconds(10)).empty());
    return ROMP_CONTINUE;
  });
  PluginTest::run(plugin);
  chain = chain_of({&plugin});
  send();  // its call began at 1000 ns
  EXPECT_THAT(first, ElementsAre("plugin bad: filter f0 has not returned for 7 s"));
  EXPECT_TRUE(second.empty());
  EXPECT_TRUE(stuck.find(base::Clock::now(), std::chrono::seconds(0)).empty());
}

}  // namespace
}  // namespace romp::plugin::test
