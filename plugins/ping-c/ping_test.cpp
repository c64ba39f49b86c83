// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <romp/fake_host.hpp>

namespace {

TEST(PingInC, AnswersTheSender) {
  romp::fake_host host(romp_plugin_entry(ROMP_ABI_MAJOR));
  ASSERT_EQ(host.load(), ROMP_OK) << host.why;
  EXPECT_EQ(host.send("/virt/ping-c", "", {}, 3).verdict, ROMP_HANDLED);
  ASSERT_EQ(host.sent.size(), 1U);
  EXPECT_EQ(host.sent[0].session, 3U);
  EXPECT_EQ(host.sent[0].destination, "/virt/ping-c");
  EXPECT_EQ(host.sent[0].body, "pong");
}

TEST(PingInC, ServesItsOwnMajorOnly) {
  EXPECT_NE(romp_plugin_entry(ROMP_ABI_MAJOR), nullptr);
  EXPECT_EQ(romp_plugin_entry(ROMP_ABI_MAJOR + 1), nullptr);
}

}  // namespace
