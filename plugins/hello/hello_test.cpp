// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <romp/fake_host.hpp>

namespace {

TEST(Hello, SaysHelloToTheWorldAndToWhoGivesAName) {
  romp::fake_host host(romp_plugin_entry(ROMP_ABI_MAJOR));
  ASSERT_EQ(host.load(), ROMP_OK) << host.why;
  EXPECT_EQ(host.http("GET", "/hello").body, "Hello, world\n");
  EXPECT_EQ(host.http("GET", "/hello?name=Ann").body, "Hello, Ann\n");
  EXPECT_EQ(host.http("HEAD", "/hello?a=b&name=J%c3%b6rg+B").body, "Hello, Jörg B\n");
  EXPECT_EQ(host.http("GET", "/hello?name").body, "Hello, \n");
  EXPECT_EQ(host.http("GET", "/hello?names=x").body, "Hello, world\n");
}

TEST(Hello, LeavesOtherPathsAndMethodsToOthers) {
  romp::fake_host host(romp_plugin_entry(ROMP_ABI_MAJOR));
  ASSERT_EQ(host.load(), ROMP_OK) << host.why;
  EXPECT_EQ(host.http("GET", "/hello/").verdict, ROMP_CONTINUE);
  EXPECT_EQ(host.http("POST", "/hello").verdict, ROMP_CONTINUE);
}

}  // namespace
