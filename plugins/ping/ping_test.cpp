// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <romp/fake_host.hpp>

namespace {

TEST(Ping, AnswersTheSender) {
  romp::fake_host host(romp_plugin_entry(ROMP_ABI_MAJOR));
  ASSERT_EQ(host.load(), ROMP_OK) << host.why;
  EXPECT_EQ(host.send("/virt/ping", "", {{"correlation-id", "7"}}, 3).verdict, ROMP_HANDLED);
  ASSERT_EQ(host.sent.size(), 1U);
  EXPECT_EQ(host.sent[0].session, 3U);
  EXPECT_EQ(host.sent[0].destination, "/virt/ping");
  EXPECT_EQ(host.sent[0].header("correlation-id"), "7");
  EXPECT_EQ(host.sent[0].body, "pong");
}

TEST(Ping, PublishesToReplyTo) {
  romp::fake_host host(romp_plugin_entry(ROMP_ABI_MAJOR));
  ASSERT_EQ(host.load(), ROMP_OK) << host.why;
  EXPECT_EQ(host.send("/virt/ping", "", {{"reply-to", "/temp-queue/a"}}).verdict, ROMP_HANDLED);
  EXPECT_TRUE(host.sent.empty());
  ASSERT_EQ(host.published.size(), 1U);
  EXPECT_EQ(host.published[0].destination, "/temp-queue/a");
}

TEST(Ping, LeavesOtherFramesAlone) {
  romp::fake_host host(romp_plugin_entry(ROMP_ABI_MAJOR));
  ASSERT_EQ(host.load(), ROMP_OK) << host.why;
  EXPECT_EQ(host.send("/virt/pin", "").verdict, ROMP_CONTINUE);
  EXPECT_EQ(host.send("/virt/ping/x", "").verdict, ROMP_CONTINUE);
  EXPECT_EQ(host.run({ROMP_CMD_SUBSCRIBE, {{"destination", "/virt/ping"}}}).verdict, ROMP_CONTINUE);
  EXPECT_TRUE(host.sent.empty());
}

TEST(Ping, IsNotDisturbedByAClientThatHasGone) {
  romp::fake_host host(romp_plugin_entry(ROMP_ABI_MAJOR));
  ASSERT_EQ(host.load(), ROMP_OK) << host.why;
  host.answers["session_send"] = ROMP_E_GONE;
  EXPECT_EQ(host.send("/virt/ping", "").verdict, ROMP_HANDLED);
}

TEST(Ping, RejectsAReplyToThatDoesNotExist) {
  romp::fake_host host(romp_plugin_entry(ROMP_ABI_MAJOR));
  ASSERT_EQ(host.load(), ROMP_OK) << host.why;
  host.answers["publish"] = ROMP_E_NOTFOUND;
  const romp::fake_result result = host.send("/virt/ping", "", {{"reply-to", "/nowhere"}});
  EXPECT_EQ(result.verdict, ROMP_REJECT);
  EXPECT_EQ(result.reply, "reply-to cannot be used");
}

}  // namespace
