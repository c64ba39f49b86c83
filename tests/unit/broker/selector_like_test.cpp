// SPDX-License-Identifier: Apache-2.0
#include "broker/selector_like.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace romp::broker::selector {
namespace {

std::vector<LikeElement> compiled(std::string_view pattern, std::optional<char> escape = {}) {
  std::vector<LikeElement> elements;
  EXPECT_TRUE(compile_like(pattern, escape, elements));
  return elements;
}

Truth matched(std::string_view text, std::string_view pattern, std::optional<char> escape = {}) {
  std::size_t steps = 1000;
  return like(text, compiled(pattern, escape), steps);
}

TEST(SelectorLike, Matches) {
  struct {
    const char* text;
    const char* pattern;
  } const cases[] = {
      {"", ""},          {"", "%"},          {"", "%%"},        {"abc", "abc"},
      {"abc", "a%"},     {"abc", "%c"},      {"abc", "%b%"},    {"abc", "a_c"},
      {"abc", "___"},    {"abc", "%abc%"},   {"abc", "_%_"},    {"abab", "%ab"},
      {"aab", "%ab"},    {"aXbXc", "a%X%c"}, {"a.c", "a.c"},    {"größe", "gr__e"},
      {"日本語", "___"}, {"日本語", "%_語"}, {"12993", "12%3"}, {"%%%%a", "%%%%a"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(matched(c.text, c.pattern), Truth::yes) << c.text << " LIKE " << c.pattern;
  }
}

TEST(SelectorLike, DoesNotMatch) {
  struct {
    const char* text;
    const char* pattern;
  } const cases[] = {
      {"", "_"},        {"", "a"},       {"a", ""},          {"abc", "ab"},
      {"abc", "abcd"},  {"abc", "ABC"},  {"abc", "%b"},      {"abc", "__"},
      {"abc", "____"},  {"abc", ".*"},   {"日本語", "____"}, {"日本語", "%____%"},
      {"1234", "12%3"}, {"ab", "%a%a%"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(matched(c.text, c.pattern), Truth::no) << c.text << " LIKE " << c.pattern;
  }
}

TEST(SelectorLike, TakesAnEscapedWildcardAsItself) {
  EXPECT_EQ(matched("_foo", "\\_%", '\\'), Truth::yes);
  EXPECT_EQ(matched("bar", "\\_%", '\\'), Truth::no);
  EXPECT_EQ(matched("50%", "__!%", '!'), Truth::yes);
  EXPECT_EQ(matched("500", "__!%", '!'), Truth::no);
  EXPECT_EQ(matched("a!b", "a!!b", '!'), Truth::yes);
  EXPECT_EQ(matched("a%b", "a%%b", '%'), Truth::yes);
}

TEST(SelectorLike, RefusesAPatternThatEndsInItsEscape) {
  std::vector<LikeElement> elements;
  EXPECT_FALSE(compile_like("abc!", '!', elements));
}

TEST(SelectorLike, NeedsFewStepsForManyWildcards) {
  const std::string text(8000, 'b');
  std::size_t steps = 20000;
  EXPECT_EQ(like(text, compiled("%%%%%%%%a"), steps), Truth::no);
  EXPECT_GT(steps, 0U);
}

TEST(SelectorLike, IsUnknownWhenTheStepsRunOut) {
  const std::string text(8000, 'a');
  std::size_t steps = 20000;
  EXPECT_EQ(like(text, compiled("%" + std::string(2000, 'a') + "b"), steps), Truth::unknown);
  EXPECT_EQ(steps, 0U);
  EXPECT_EQ(like("a", compiled("a"), steps), Truth::unknown);
}

}  // namespace
}  // namespace romp::broker::selector
