// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <romp/fake_host.hpp>

namespace {

romp::fake_result route(romp::fake_host& host, romp::fake_headers headers) {
  return host.run({ROMP_CMD_SEND, std::move(headers), "x"}, ROMP_STAGE_PRE_ROUTE, 9);
}

TEST(Stamp, WritesTimeAndUserByDefault) {
  romp::fake_host host(romp_plugin_entry(ROMP_ABI_MAJOR));
  ASSERT_EQ(host.load(), ROMP_OK) << host.why;
  host.session(9).user = "anna";
  const romp::fake_result result = route(host, {{"destination", "/queue/a"}});
  EXPECT_EQ(result.verdict, ROMP_CONTINUE);
  EXPECT_EQ(result.frame->header("sender"), "anna");
  EXPECT_GT(std::stoll(result.frame->header("timestamp")), 1600000000000);
  EXPECT_EQ(result.frame->headers.size(), 3U);
}

TEST(Stamp, WritesTheHeadersThatAreConfigured) {
  romp::fake_host host(romp_plugin_entry(ROMP_ABI_MAJOR));
  host.set("time", "").set("user", "").set("session", "from").set("remote", "at");
  ASSERT_EQ(host.load(), ROMP_OK) << host.why;
  const romp::fake_result result = route(host, {{"destination", "/queue/a"}});
  const romp::fake_headers expected = {
      {"destination", "/queue/a"}, {"from", "9"}, {"at", "192.0.2.1:5000"}};
  EXPECT_EQ(result.frame->headers, expected);
}

TEST(Stamp, ReplacesWhatTheClientForged) {
  romp::fake_host host(romp_plugin_entry(ROMP_ABI_MAJOR));
  host.set("time", "");
  ASSERT_EQ(host.load(), ROMP_OK) << host.why;
  host.session(9).user = "anna";
  const romp::fake_headers forged = {
      {"destination", "/queue/a"}, {"sender", "root"}, {"sender", "admin"}};
  const romp::fake_headers expected = {{"destination", "/queue/a"}, {"sender", "anna"}};
  EXPECT_EQ(route(host, forged).frame->headers, expected);
  host.session(9).user = "";
  EXPECT_FALSE(route(host, forged).frame->has("sender"));
}

TEST(Stamp, StampsOnlyTheDestinationsThatAreConfigured) {
  romp::fake_host host(romp_plugin_entry(ROMP_ABI_MAJOR));
  host.set("destination", "/queue/*");
  ASSERT_EQ(host.load(), ROMP_OK) << host.why;
  EXPECT_TRUE(route(host, {{"destination", "/queue/a"}}).frame->has("sender"));
  EXPECT_FALSE(route(host, {{"destination", "/topic/a"}}).frame->has("sender"));
}

}  // namespace
