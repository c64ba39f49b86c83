// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <romp/fake_host.hpp>

namespace {

TEST(Echo, SendsBodyTypeAndUserHeadersBack) {
  romp::fake_host host(romp_plugin_entry(ROMP_ABI_MAJOR));
  ASSERT_EQ(host.load(), ROMP_OK) << host.why;
  const std::string body("a\0b", 3);
  const romp::fake_headers headers = {
      {"content-type", "x/y"}, {"colour", "red"}, {"receipt", "1"}, {"correlation-id", "7"}};
  EXPECT_EQ(host.send("/virt/echo", body, headers).verdict, ROMP_HANDLED);
  ASSERT_EQ(host.sent.size(), 1U);
  const romp::fake_headers expected = {{"colour", "red"}, {"correlation-id", "7"}};
  EXPECT_EQ(host.sent[0].headers, expected);
  EXPECT_EQ(host.sent[0].content_type, "x/y");
  EXPECT_EQ(host.sent[0].destination, "/virt/echo");
  EXPECT_EQ(host.sent[0].body, body);
}

TEST(Echo, PublishesToReplyTo) {
  romp::fake_host host(romp_plugin_entry(ROMP_ABI_MAJOR));
  ASSERT_EQ(host.load(), ROMP_OK) << host.why;
  EXPECT_EQ(host.send("/virt/echo", "x", {{"reply-to", "/queue/a"}}).verdict, ROMP_HANDLED);
  ASSERT_EQ(host.published.size(), 1U);
  EXPECT_EQ(host.published[0].destination, "/queue/a");
  EXPECT_EQ(host.published[0].body, "x");
  EXPECT_TRUE(host.published[0].headers.empty());
}

}  // namespace
