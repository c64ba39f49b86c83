// SPDX-License-Identifier: Apache-2.0
#include "config/units.hpp"

#include <gtest/gtest.h>

namespace romp::config {
namespace {

using namespace std::chrono_literals;
using Words = std::vector<std::string>;

TEST(Units, ReadsPlainNumbersAsOctets) {
  EXPECT_EQ(parse_octets("0"), 0U);
  EXPECT_EQ(parse_octets("1000"), 1000U);
  EXPECT_EQ(parse_octets("7B"), 7U);
}

TEST(Units, ReadsOctetsInPowersOf1024InEitherCase) {
  EXPECT_EQ(parse_octets("64k"), 65536U);
  EXPECT_EQ(parse_octets("64K"), 65536U);
  EXPECT_EQ(parse_octets("64KiB"), 65536U);
  EXPECT_EQ(parse_octets("16MiB"), 16777216U);
  EXPECT_EQ(parse_octets("16mib"), 16777216U);
  EXPECT_EQ(parse_octets("16 M"), 16777216U);
  EXPECT_EQ(parse_octets("2g"), 2147483648U);
  EXPECT_EQ(parse_octets("2GiB"), 2147483648U);
}

TEST(Units, RefusesOctetsThatAreNotWholeOrNotClear) {
  for (const char* text : {"", "k", "-1", "+1", "1.5M", "1kB", "1MB", "1TiB", "1k1", "1 k b",
                           "0x10", "MiB 1", "12abc", "1,000"}) {
    EXPECT_FALSE(parse_octets(text)) << text;
  }
}

TEST(Units, RefusesOctetsThatOverflow) {
  EXPECT_EQ(parse_octets("18446744073709551615"), 18446744073709551615U);
  EXPECT_FALSE(parse_octets("18446744073709551616"));
  EXPECT_EQ(parse_octets("17179869183G"), 17179869183U * 1073741824U);
  EXPECT_FALSE(parse_octets("17179869184G"));
}

TEST(Units, PrintsOctetsInTheLargestExactUnit) {
  EXPECT_EQ(print_octets(0), "0");
  EXPECT_EQ(print_octets(1), "1");
  EXPECT_EQ(print_octets(1000), "1000");
  EXPECT_EQ(print_octets(8192), "8KiB");
  EXPECT_EQ(print_octets(1536 * 1024), "1536KiB");
  EXPECT_EQ(print_octets(16777216), "16MiB");
  EXPECT_EQ(print_octets(3221225472), "3GiB");
}

TEST(Units, ReadsDurationsAndPlainMilliseconds) {
  EXPECT_EQ(parse_duration("0"), 0ms);
  EXPECT_EQ(parse_duration("250"), 250ms);
  EXPECT_EQ(parse_duration("250ms"), 250ms);
  EXPECT_EQ(parse_duration("30s"), 30s);
  EXPECT_EQ(parse_duration("5m"), 5min);
  EXPECT_EQ(parse_duration("2 h"), 2h);
  EXPECT_EQ(parse_duration("7d"), 168h);
}

TEST(Units, RefusesDurationsThatAreNotWholeOrOverflow) {
  for (const char* text : {"", "s", "-5s", "1.5s", "5x", "5min", "1h30m", "9223372036854775808",
                           "106751991168d", "99999999999999999999"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
  EXPECT_EQ(parse_duration("9223372036854775807"), std::chrono::milliseconds::max());
}

TEST(Units, PrintsDurationsInTheLargestExactUnit) {
  EXPECT_EQ(print_duration(0ms), "0");
  EXPECT_EQ(print_duration(1500ms), "1500ms");
  EXPECT_EQ(print_duration(90s), "90s");
  EXPECT_EQ(print_duration(120s), "2m");
  EXPECT_EQ(print_duration(120min), "2h");
  EXPECT_EQ(print_duration(48h), "2d");
}

TEST(Units, ReadsFlagsInEveryUsualSpelling) {
  for (const char* text : {"yes", "true", "on", "1", "YES", "True"}) {
    EXPECT_EQ(parse_flag(text), true) << text;
  }
  for (const char* text : {"no", "false", "off", "0", "Off"}) {
    EXPECT_EQ(parse_flag(text), false) << text;
  }
  for (const char* text : {"", "y", "2", "yes no", "enabled"})
    EXPECT_FALSE(parse_flag(text)) << text;
}

TEST(Units, ReadsNumbersOfDigitsOnly) {
  EXPECT_EQ(parse_number("007"), 7U);
  for (const char* text :
       {"", " 7", "7 ", "-7", "+7", "7.0", "0x7", "7k", "18446744073709551616"}) {
    EXPECT_FALSE(parse_number(text)) << text;
  }
}

TEST(Units, ReadsListsSeparatedByCommasOrBlanks) {
  EXPECT_EQ(parse_list("a, b c,,d\t e ,"), (Words{"a", "b", "c", "d", "e"}));
  EXPECT_EQ(parse_list(" , "), Words{});
  EXPECT_EQ(parse_list(""), Words{});
  EXPECT_EQ(print_list({"a", "b"}), "a, b");
}

}  // namespace
}  // namespace romp::config
