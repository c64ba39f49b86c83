// SPDX-License-Identifier: Apache-2.0
#include "plugin/description.hpp"

#include <gtest/gtest.h>

#include "unit/plugin/scripted_plugin.hpp"

namespace romp::plugin::test {
namespace {

romp_verdict pass(const romp_ctx*, romp_frame*) { return ROMP_CONTINUE; }

using DescriptionTest = PluginTest;

TEST_F(DescriptionTest, SaysWhatEveryFilterIsFor) {
  ScriptedPlugin p("acl", ROMP_CAP_FRAMES | ROMP_CAP_PUBLISH);
  auto all = usual();
  all.name = "all";
  all.commands = ROMP_MASK_ANY;
  auto some = usual();
  some.name = "some";
  some.stage = ROMP_STAGE_PRE_ROUTE;
  some.commands = ROMP_MASK(ROMP_CMD_SEND) | ROMP_MASK(ROMP_CMD_SUBSCRIBE);
  some.destination = "/queue/*";
  some.header = "x-token";
  auto verbs = usual();
  verbs.name = "verbs";
  verbs.stage = ROMP_STAGE_UNHANDLED;
  verbs.commands = ROMP_MASK(ROMP_CMD_UNKNOWN);
  p.filter(all, pass).filter(some, pass).filter(verbs, pass);
  run(p);
  EXPECT_EQ(describe(*p.instance),
            "plugin acl 1.0.0 (ABI 1.0): filters all on any command, some on SEND|SUBSCRIBE "
            "/queue/* with x-token at PRE_ROUTE, verbs on unknown commands at UNHANDLED; "
            "capabilities frames, publish");
}

TEST_F(DescriptionTest, NamesInstanceAndPluginWhereTheyDiffer) {
  ScriptedPlugin p("bridge", 0);
  ASSERT_EQ(p.load(environment(), 0, {}, "east"), "");
  EXPECT_EQ(describe(*p.instance),
            "plugin east: bridge 1.0.0 (ABI 1.0): no filters; capabilities none");
}

}  // namespace
}  // namespace romp::plugin::test
