// SPDX-License-Identifier: Apache-2.0
#include "net/budget.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include "net/addresses.hpp"

namespace romp::net {
namespace {

using namespace std::chrono_literals;

const base::Time start = base::Clock::now();

TEST(Budget, HoldsTheUnitsOfOneSecondAndNoMore) {
  Budget budget(1000);
  EXPECT_EQ(budget.left(start), 1000U);
  budget.spend(400);
  EXPECT_EQ(budget.left(start), 600U);
  EXPECT_EQ(budget.left(start + 100ms), 700U);
  EXPECT_EQ(budget.left(start + 1h), 1000U);
}

TEST(Budget, GivesNothingBeforeItIsDue) {
  Budget budget(1000);
  budget.left(start);
  budget.spend(1500);
  EXPECT_EQ(budget.left(start + 500ms), 0U);
  const base::Time due = budget.due(start + 500ms);
  EXPECT_GE(due, start + 540ms);
  EXPECT_LE(due, start + 560ms);
  EXPECT_GE(budget.left(due + 1ms), 50U);
}

TEST(Budget, GivesNoFewUnitsOneByOne) {
  Budget budget(1'000'000);
  budget.spend(budget.left(start));
  EXPECT_EQ(budget.left(start + 1ms), 0U);
  EXPECT_GE(budget.left(start + 51ms), 50'000U);
}

TEST(Budget, WithoutALimitIsAlwaysFull) {
  Budget budget(0);
  budget.spend(1000);
  EXPECT_FALSE(budget.is_limited());
  EXPECT_TRUE(budget.is_full(start));
}

TEST(Budget, CountsSingleUnits) {
  Budget budget(2);
  EXPECT_TRUE(budget.take_one(start));
  EXPECT_TRUE(budget.take_one(start));
  EXPECT_FALSE(budget.take_one(start));
  EXPECT_TRUE(budget.take_one(start + 600ms));
  EXPECT_FALSE(budget.is_full(start + 600ms));
  EXPECT_TRUE(budget.is_full(start + 3s));
}

sockaddr_storage peer(const char* text) {
  sockaddr_storage address{};
  auto& v4 = reinterpret_cast<sockaddr_in&>(address);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(address);
  if (::inet_pton(AF_INET, text, &v4.sin_addr) == 1) {
    address.ss_family = AF_INET;
  } else if (::inet_pton(AF_INET6, text, &v6.sin6_addr) == 1) {
    address.ss_family = AF_INET6;
  }
  return address;
}

class AddressesTest : public testing::Test {
 protected:
  std::unique_ptr<Addresses::Visit> enter(const char* text) {
    return table.enter(peer(text), start, refusal);
  }
  Addresses table{AddressLimits{1, 0, 1000}};
  Addresses::Refusal refusal = Addresses::Refusal::none;
};

TEST_F(AddressesTest, CountEachByItself) {
  const auto first = enter("10.0.0.1");
  EXPECT_NE(first, nullptr);
  EXPECT_NE(enter("10.0.0.2"), nullptr);
  EXPECT_EQ(enter("10.0.0.1"), nullptr);
  EXPECT_EQ(refusal, Addresses::Refusal::connections);
}

TEST_F(AddressesTest, AreTheSameInBothFormsOfIpv4) {
  const auto first = enter("10.0.0.1");
  EXPECT_EQ(enter("::ffff:10.0.0.1"), nullptr);
  EXPECT_NE(enter("::ffff:10.0.0.2"), nullptr);
}

TEST_F(AddressesTest, OfIpv6AreSixtyFourBits) {
  const auto first = enter("2001:db8::1");
  EXPECT_EQ(enter("2001:db8::2"), nullptr);
  EXPECT_NE(enter("2001:db8:0:1::1"), nullptr);
}

TEST_F(AddressesTest, AreForgottenOnceTheyOweNothing) {
  auto visit = enter("10.0.0.1");
  visit->octets().left(start);
  visit->octets().spend(500);
  visit.reset();
  table.sweep(start);
  EXPECT_EQ(table.size(), 1U) << "it has spent something";
  table.sweep(start + 2s);
  EXPECT_EQ(table.size(), 0U);
  visit = enter("10.0.0.1");
  EXPECT_NE(visit, nullptr);
  table.sweep(start + 1h);
  EXPECT_EQ(table.size(), 1U) << "it is connected";
}

}  // namespace
}  // namespace romp::net
