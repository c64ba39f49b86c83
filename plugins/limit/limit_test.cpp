// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <romp/fake_host.hpp>
#include <thread>
#include <vector>

namespace {

constexpr std::int64_t second = 1000000000;

int accepted_of(romp::fake_host& host, int sent, romp_session_id from = 1) {
  int accepted = 0;
  for (int i = 0; i < sent; ++i) {
    if (host.send("/queue/a", "", {}, from).verdict == ROMP_CONTINUE) ++accepted;
  }
  return accepted;
}

TEST(Limit, LetsABurstPassAndRefusesTheRest) {
  romp::fake_host host(romp_plugin_entry(ROMP_ABI_MAJOR));
  host.set("rate", "10").set("burst", "5");
  ASSERT_EQ(host.load(), ROMP_OK) << host.why;
  EXPECT_EQ(accepted_of(host, 8), 5);
  const romp::fake_result refused = host.send("/queue/a", "");
  EXPECT_EQ(refused.verdict, ROMP_REJECT);
  EXPECT_EQ(refused.reply, "too many messages: 10 a second are allowed, 5 at once");
  EXPECT_EQ(refused.log, "over the limit: 192.0.2.1:5000");
  EXPECT_FALSE(refused.fatal);
  EXPECT_EQ(host.metrics["refused_total"], 4);
}

TEST(Limit, WithoutARateLimitsNothing) {
  romp::fake_host host(romp_plugin_entry(ROMP_ABI_MAJOR));
  ASSERT_EQ(host.load(), ROMP_OK) << host.why;
  EXPECT_EQ(accepted_of(host, 1000), 1000);
}

TEST(Limit, GivesBackWithTime) {
  romp::fake_host host(romp_plugin_entry(ROMP_ABI_MAJOR));
  host.set("rate", "10").set("burst", "5");
  ASSERT_EQ(host.load(), ROMP_OK) << host.why;
  EXPECT_EQ(accepted_of(host, 8), 5);
  host.advance(second / 10);
  EXPECT_EQ(accepted_of(host, 8), 1);
  host.advance(3600 * second);
  EXPECT_EQ(accepted_of(host, 8), 5);
}

TEST(Limit, CountsEachSessionAlone) {
  romp::fake_host host(romp_plugin_entry(ROMP_ABI_MAJOR));
  host.set("rate", "10").set("burst", "5");
  ASSERT_EQ(host.load(), ROMP_OK) << host.why;
  EXPECT_EQ(accepted_of(host, 8, 1), 5);
  EXPECT_EQ(accepted_of(host, 8, 2), 5);
  host.close(1);
  EXPECT_EQ(accepted_of(host, 8, 1), 5) << "a new session begins with a full bucket";
}

TEST(Limit, MayRunInManyThreads) {
  romp::fake_host host(romp_plugin_entry(ROMP_ABI_MAJOR));
  host.set("burst", "50").set("rate", "1");
  ASSERT_EQ(host.load(), ROMP_OK) << host.why;
  std::vector<int> accepted(4);
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] { accepted[i] = accepted_of(host, 100, i + 1); });
  }
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(accepted, std::vector<int>({50, 50, 50, 50}));
}

TEST(Limit, RefusesALargeMessageBeforeItIsRead) {
  romp::fake_host host(romp_plugin_entry(ROMP_ABI_MAJOR));
  host.set("rate", "1").set("burst", "1").set("close", "yes");
  ASSERT_EQ(host.load(), ROMP_OK) << host.why;
  romp::fake_frame large(ROMP_CMD_SEND, {{"destination", "/queue/a"}});
  large.flags = ROMP_FRAME_BODY_PENDING;
  large.body_size = 100 << 20;
  EXPECT_EQ(host.run(large).verdict, ROMP_CONTINUE);
  EXPECT_EQ(host.run(large).verdict, ROMP_REJECT);
  EXPECT_TRUE(host.run(large).fatal);
}

TEST(Limit, WantsPositiveNumbers) {
  romp::fake_host host(romp_plugin_entry(ROMP_ABI_MAJOR));
  host.set("rate", "-1");
  EXPECT_EQ(host.load(), ROMP_E_INVAL);
  EXPECT_EQ(host.why, "key 'rate': must be 0 or more");
}

}  // namespace
