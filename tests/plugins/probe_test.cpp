// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <romp/fake_host.hpp>

namespace {

TEST(Probe, SaysWhatItSees) {
  romp::fake_host host(romp_plugin_entry(ROMP_ABI_MAJOR));
  ASSERT_EQ(host.load(), ROMP_OK) << host.why;
  EXPECT_EQ(host.send("/t/probe", "abc", {{"a", "1"}}).verdict, ROMP_CONTINUE);
  EXPECT_EQ(host.send("/t/probe", "").verdict, ROMP_CONTINUE);
  const std::vector<std::string> expected = {
      "SEND destination=/t/probe a=1 body=3 user=guest stage=2 seen=1",
      "SEND destination=/t/probe body=0 user=guest stage=2 seen=2"};
  EXPECT_EQ(host.log, expected);
}

TEST(Probe, ChangesWhatItIsToldTo) {
  romp::fake_host host(romp_plugin_entry(ROMP_ABI_MAJOR));
  host.set("set", "a=2").set("remove", "b").set("body", "new").set("stage", "3");
  ASSERT_EQ(host.load(), ROMP_OK) << host.why;
  const romp::fake_frame given(ROMP_CMD_SEND, {{"destination", "/t/probe"}, {"a", "1"}, {"b", "1"}},
                               "old");
  const romp::fake_result result = host.run(given, ROMP_STAGE_PRE_ROUTE);
  const romp::fake_headers expected = {{"destination", "/t/probe"}, {"a", "2"}};
  EXPECT_EQ(result.frame->headers, expected);
  EXPECT_EQ(result.frame->body, "new");
}

TEST(Probe, DefersAndResumesInATask) {
  romp::fake_host host(romp_plugin_entry(ROMP_ABI_MAJOR));
  host.set("verdict", "3").set("resume", "2");
  ASSERT_EQ(host.load(), ROMP_OK) << host.why;
  const romp::fake_result result = host.send("/t/probe", "");
  EXPECT_EQ(result.verdict, ROMP_DEFER);
  EXPECT_TRUE(host.resumed.empty());
  host.run_tasks();
  ASSERT_EQ(host.resumed.size(), 1U);
  EXPECT_EQ(host.resumed[0].deferred, result.deferred);
  EXPECT_EQ(host.resumed[0].verdict, ROMP_REJECT);
  EXPECT_EQ(host.resumed[0].reply, "probe says no");
}

TEST(Probe, KeepsAndCopiesAFrame) {
  romp::fake_host host(romp_plugin_entry(ROMP_ABI_MAJOR));
  host.set("copy_to", "/topic/copy");
  ASSERT_EQ(host.load(), ROMP_OK) << host.why;
  host.send("/t/probe", "abc");
  EXPECT_EQ(host.retained, 1);
  host.run_tasks();
  EXPECT_EQ(host.retained, 0);
  ASSERT_EQ(host.published.size(), 1U);
  EXPECT_EQ(host.published[0].body, "abc");
  EXPECT_EQ(host.published[0].header("copied"), "SEND");
}

}  // namespace
