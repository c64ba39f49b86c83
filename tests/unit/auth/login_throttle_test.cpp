// SPDX-License-Identifier: Apache-2.0
#include "auth/login_throttle.hpp"

#include <gmock/gmock.h>

namespace romp::auth {
namespace {

using namespace std::chrono_literals;

class LoginThrottles : public testing::Test {
 protected:
  void fail(int times, std::string_view remote = "10.0.0.1:1") {
    for (int i = 0; i < times; ++i) throttle.failed(remote, now);
  }
  bool waits(std::string_view remote) {
    const auto wait = throttle.wait_for(remote, now);
    return !wait || wait->count() != 0;
  }

  LoginThrottle throttle{10s};
  base::Time now{1h};
};

TEST_F(LoginThrottles, LetAFewMistakesPass) {
  fail(5);
  EXPECT_FALSE(waits("10.0.0.1:2"));
}

TEST_F(LoginThrottles, MakeEveryFurtherAttemptWaitLonger) {
  fail(6);
  EXPECT_EQ(throttle.wait_for("10.0.0.1:2", now), 100ms);
  fail(1);
  EXPECT_EQ(throttle.wait_for("10.0.0.1:2", now), 200ms);
  fail(30);
  EXPECT_EQ(throttle.wait_for("10.0.0.1:2", now), 10s);
}

TEST_F(LoginThrottles, GiveOneAddressOneTurnAtATime) {
  fail(10);  // 1.6 s apart
  EXPECT_EQ(throttle.wait_for("10.0.0.1:2", now), 1600ms);
  EXPECT_EQ(throttle.wait_for("10.0.0.1:3", now), 3200ms);
  for (int i = 0; i < 4; ++i) throttle.wait_for("10.0.0.1:4", now);
  EXPECT_EQ(throttle.wait_for("10.0.0.1:5", now), std::nullopt) << "too many wait";
}

TEST_F(LoginThrottles, LeaveOtherAddressesAlone) {
  fail(50);
  EXPECT_FALSE(waits("10.0.0.2:1"));
}

TEST_F(LoginThrottles, ForgiveWhoGetsInAndWhoWasQuietForLong) {
  fail(50);
  throttle.succeeded("10.0.0.1:9");
  EXPECT_FALSE(waits("10.0.0.1:1"));
  fail(50);
  now += 301s;
  EXPECT_FALSE(waits("10.0.0.1:1"));
  EXPECT_EQ(throttle.size(), 0U);
}

TEST_F(LoginThrottles, CountTheNetworkOfAnIpv6Address) {
  EXPECT_EQ(network_of("[2001:db8::1]:5"), network_of("[2001:db8::ffff:2]:6"));
  EXPECT_NE(network_of("[2001:db8:0:1::1]:5"), network_of("[2001:db8::1]:5"));
  EXPECT_NE(network_of("[::ffff:10.0.0.1]:5"), network_of("[::ffff:10.0.0.2]:5"));
  EXPECT_EQ(network_of("10.0.0.1:5"), "10.0.0.1");
}

TEST_F(LoginThrottles, RememberABoundedNumberOfAddresses) {
  for (std::size_t i = 0; i < LoginThrottle::most_addresses + 10; ++i) {
    throttle.failed(std::to_string(i) + ":1", now);
  }
  EXPECT_EQ(throttle.size(), LoginThrottle::most_addresses);
}

TEST_F(LoginThrottles, CanBeTurnedOff) {
  LoginThrottle none{0s};
  for (int i = 0; i < 50; ++i) none.failed("10.0.0.1:1", now);
  EXPECT_EQ(none.wait_for("10.0.0.1:1", now), 0s);
}

}  // namespace
}  // namespace romp::auth
