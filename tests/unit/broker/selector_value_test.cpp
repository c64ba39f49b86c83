// SPDX-License-Identifier: Apache-2.0
#include "broker/selector_value.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace romp::broker::selector {
namespace {

constexpr auto least = std::numeric_limits<std::int64_t>::min();
constexpr auto most = std::numeric_limits<std::int64_t>::max();

Number whole(std::int64_t n) { return n; }

TEST(SelectorNumber, IsReadFromTheWholeTextOnly) {
  EXPECT_EQ(to_number("12"), whole(12));
  EXPECT_EQ(to_number("-12"), whole(-12));
  EXPECT_EQ(to_number("+12"), whole(12));
  EXPECT_EQ(to_number("007"), whole(7));
  EXPECT_EQ(to_number("-9223372036854775808"), whole(least));
  EXPECT_EQ(to_number("7."), Number(7.0));
  EXPECT_EQ(to_number(".5"), Number(0.5));
  EXPECT_EQ(to_number("-57.9E2"), Number(-5790.0));
  EXPECT_EQ(to_number("1e+3"), Number(1000.0));
  for (const auto* text :
       {"",   "-",  "+",   ".",   "-.",   "+-1", "--1",      " 1",    "1 ",  "1a",   "0x10",
        "1e", "e1", "1e+", "inf", "-inf", "nan", "infinity", "1_000", "1,5", "1.2.3"}) {
    EXPECT_EQ(to_number(text), std::nullopt) << text;
  }
}

TEST(SelectorNumber, BecomesApproximateWhereItIsTooLargeToBeExact) {
  EXPECT_EQ(to_number("9223372036854775808"), Number(9223372036854775808.0));
  EXPECT_EQ(add(whole(most), whole(1)), Number(9223372036854775808.0));
  EXPECT_EQ(subtract(whole(0), whole(least)), Number(9223372036854775808.0));
  EXPECT_EQ(multiply(whole(most), whole(2)), Number(18446744073709551614.0));
  EXPECT_EQ(divide(whole(least), whole(-1)), Number(9223372036854775808.0));
}

TEST(SelectorNumber, IsNothingWhereADoubleCannotHoldIt) {
  EXPECT_EQ(to_number("1e999"), std::nullopt);
  EXPECT_EQ(to_number(std::string(65, '1')), std::nullopt);
  EXPECT_EQ(multiply(Number(1e300), Number(1e300)), std::nullopt);
}

TEST(SelectorNumber, DividesWholeNumbersTowardsZero) {
  EXPECT_EQ(divide(whole(7), whole(2)), whole(3));
  EXPECT_EQ(divide(whole(-7), whole(2)), whole(-3));
  EXPECT_EQ(divide(whole(7), whole(-1)), whole(-7));
  EXPECT_EQ(divide(whole(7), Number(2.0)), Number(3.5));
}

TEST(SelectorNumber, HasNoQuotientByZero) {
  EXPECT_EQ(divide(whole(1), whole(0)), std::nullopt);
  EXPECT_EQ(divide(whole(1), Number(0.0)), std::nullopt);
  EXPECT_EQ(divide(Number(1.0), Number(-0.0)), std::nullopt);
}

TEST(SelectorValue, ComparesAHeaderAsWhatItIsComparedWith) {
  using std::string_view;
  EXPECT_TRUE(order(HeaderText{"10"}, whole(9)) > 0);
  EXPECT_TRUE(order(HeaderText{"10"}, string_view("9")) < 0);
  EXPECT_TRUE(order(HeaderText{"10"}, HeaderText{"9"}) > 0);
  EXPECT_TRUE(order(HeaderText{"10"}, HeaderText{"9a"}) < 0);
  EXPECT_TRUE(order(HeaderText{"true"}, true) == 0);
  EXPECT_TRUE(order(false, HeaderText{"true"}) != 0);
  EXPECT_TRUE(order(HeaderText{"\xC3\xA9"}, string_view("z")) > 0);
}

TEST(SelectorValue, DoesNotCompareWhatIsUnlike) {
  const auto unordered = std::partial_ordering::unordered;
  EXPECT_EQ(order({}, {}), unordered);
  EXPECT_EQ(order({}, HeaderText{"1"}), unordered);
  EXPECT_EQ(order(HeaderText{"ten"}, whole(10)), unordered);
  EXPECT_EQ(order(HeaderText{"TRUE"}, true), unordered);
  EXPECT_EQ(order(std::string_view("1"), whole(1)), unordered);
  EXPECT_EQ(order(true, whole(1)), unordered);
}

}  // namespace
}  // namespace romp::broker::selector
