// SPDX-License-Identifier: Apache-2.0
#include "broker/selector_romp_filter.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "broker/selector.hpp"

namespace romp::broker {
namespace {

class OneHeader : public HeaderLookup {
 public:
  explicit OneHeader(std::string_view value) : value_(value) {}
  std::optional<std::string_view> header(std::string_view name) const override {
    if (name != "some-header") return std::nullopt;
    return value_;
  }

 private:
  std::string_view value_;
};

bool matches(const std::string& condition, std::string_view value) {
  return Selector::parse_romp_filter("some-header " + condition)->matches(OneHeader(value));
}

TEST(RompFilter, StandsForASelector) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"name = value", "\"name\" = 'value'"},
      {"name != value", "\"name\" <> 'value'"},
      {"name == 12", "\"name\" = 12"},
      {"name > 12", "\"name\" > 12"},
      {"name < -12", "\"name\" < -12"},
      {"name=value", "\"name\" = 'value'"},
      {"  some-name\t=  value ", "\"some-name\" = 'value'"},
      {"and = or", "\"and\" = 'or'"},
      {"name = it's", "\"name\" = 'it''s'"},
      {"name = =", "\"name\" = '='"},
      {"name = 12", "\"name\" = '12'"},
      {"1st = 1", "\"1st\" = '1'"},
  };
  for (const auto& [filter, text] : cases) {
    EXPECT_EQ(Selector::parse_romp_filter(filter)->text(), text) << filter;
  }
}

TEST(RompFilter, ComparesTextWithOneEqualsSignAndNumbersWithTwo) {
  EXPECT_TRUE(matches("= 12", "12"));
  EXPECT_FALSE(matches("= 12", "12.0"));
  EXPECT_TRUE(matches("== 12", "12.0"));
  EXPECT_TRUE(matches("!= 12", "twelve"));
  EXPECT_FALSE(matches("== 12", "twelve"));
  EXPECT_TRUE(matches("> 12", "100"));
  EXPECT_FALSE(matches("< 12", "100"));
}

TEST(RompFilter, NeverMatchesAMissingHeader) {
  for (const auto* filter : {"other = a", "other != a", "other == 1", "other > 1", "other < 1"}) {
    EXPECT_FALSE(Selector::parse_romp_filter(filter)->matches(OneHeader("1"))) << filter;
  }
}

TEST(RompFilter, IsRefusedWithThePositionInTheFilter) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "selector: expected a name at position 0, found the end"},
      {" = a", "selector: expected a name at position 1, found \"=\""},
      {"name", "selector: expected =, !=, ==, > or < at position 4, found the end"},
      {"name ~ a", "selector: expected =, !=, ==, > or < at position 5, found \"~\""},
      {"name =", "selector: expected a value at position 6, found the end"},
      {"name > a", "selector: expected a number at position 7, found \"a\""},
      {"name == 1x", "selector: expected a number at position 8, found \"1x\""},
      {"name >= 1", "selector: expected a number at position 6, found \"=\""},
      {"a = 1 AND b = 2", "selector: expected the end at position 6, found \"AND b = 2\""},
      {std::string(4097, 'a'), "selector: longer than 4096 octets at position 4096"},
  };
  for (const auto& [filter, why] : cases) {
    try {
      Selector::parse_romp_filter(filter);
      ADD_FAILURE() << filter;
    } catch (const SelectorError& error) {
      EXPECT_EQ(error.what(), why);
    }
  }
}

}  // namespace
}  // namespace romp::broker
