// SPDX-License-Identifier: Apache-2.0
#include "broker/pattern.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace romp::broker {
namespace {

using namespace std::string_literals;

struct Case {
  std::string pattern;
  std::string name;
  bool matches;
};

TEST(Pattern, MatchesLevelByLevel) {
  const std::vector<Case> cases{
      {"/topic/a", "/topic/a", true},
      {"/topic/a", "/topic/ab", false},
      {"/topic/a", "/topic/A", false},
      {"/topic/*", "/topic/a", true},
      {"/topic/*", "/topic/a/b", false},
      {"/topic/*", "/topic/a.b", false},
      {"/topic/*", "/topic/", false},
      {"/topic/*", "/topic", false},
      {"/topic/*/b", "/topic/a/b", true},
      {"/topic/*/b", "/topic//b", false},
      {"/topic/*/b", "/topic/a/c", false},
      {"/topic/*/*", "/topic/a/b", true},
      {"/topic/*.eu", "/topic/shop.eu", true},
      {"/topic/*.eu", "/topic/shop/eu", false},
      {"*", "news", true},
      {"*", "", false},
      {"*", "/news", false},
      {"a.*", "a.b", true},
      {"a.*", "a/b", false},
      {"a*.b", "ax.b", false},
      {"a*.b", "a*.b", true},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(Pattern(c.pattern).matches(c.name), c.matches) << c.pattern << " and " << c.name;
  }
}

TEST(Pattern, TakesOneOrMoreLevelsWithTheRestWildcard) {
  for (const std::string rest : {">", "#"}) {
    const Pattern pattern("/topic/" + rest);
    EXPECT_TRUE(pattern.matches("/topic/a"));
    EXPECT_TRUE(pattern.matches("/topic/a/b.c/d"));
    EXPECT_FALSE(pattern.matches("/topic/"));
    EXPECT_FALSE(pattern.matches("/topic"));
    EXPECT_FALSE(pattern.matches("/topical/a"));
    EXPECT_FALSE(pattern.matches("/queue/a"));
    EXPECT_TRUE(Pattern(rest).matches("/anything.at/all"));
    EXPECT_FALSE(Pattern(rest).matches(""));
    EXPECT_TRUE(Pattern("*." + rest).matches("a.b.c"));
    EXPECT_FALSE(Pattern("*." + rest).matches("a"));
  }
}

TEST(Pattern, RefusesTheRestWildcardBeforeTheLastLevel) {
  for (const auto* text : {">.a", "/topic/>/a", "/topic/#.b", "/topic/>/", "#/>"}) {
    EXPECT_THROW(Pattern{text}, std::invalid_argument) << text;
  }
}

TEST(Pattern, KeepsItsTextAndIsEqualByIt) {
  EXPECT_EQ(Pattern("/topic/*").text(), "/topic/*");
  EXPECT_EQ(Pattern("/topic/*"), Pattern("/topic/*"));
  EXPECT_FALSE(Pattern("/topic/>") == Pattern("/topic/#"));
}

TEST(Pattern, TellsANameWithAWildcardLevelFromAPlainName) {
  for (const auto* name : {"*", ">", "#", "/topic/*", "/topic/*/a", "a.#", "a.>.b", "*/"}) {
    EXPECT_TRUE(Pattern::is_pattern(name)) << name;
  }
  for (const auto* name : {"", "/", "/topic/a", "/topic/a*", "a.**", "c#", "a.b>", "/queue/#1"}) {
    EXPECT_FALSE(Pattern::is_pattern(name)) << name;
  }
}

TEST(Pattern, TakesLinearTimeForManyWildcards) {
  std::string pattern = "*";
  std::string name = "a";
  for (int i = 0; i < 100000; ++i) {
    pattern += ".*";
    name += ".a";
  }
  EXPECT_TRUE(Pattern(pattern).matches(name));
  EXPECT_FALSE(Pattern(pattern).matches(name + ".a"));
}

TEST(Glob, IsAPrefixWhenItEndsInAStarAndExactOtherwise) {
  const std::vector<Case> cases{
      {"/queue/*", "/queue/a", true},
      {"/queue/*", "/queue/a/b.c", true},
      {"/queue/*", "/queue/", true},
      {"/queue/*", "/queue", false},
      {"/queue/*", "/temp-queue/a", false},
      {"*", "", true},
      {"*", "/topic/a", true},
      {"memtop", "memtop", true},
      {"memtop", "memtop-a", false},
      {"memtop*", "memtop-a", true},
      {"", "", true},
      {"", "a", false},
      {"/*/a", "/*/a", true},
      {"/*/a", "/b/a", false},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(glob_matches(c.pattern, c.name), c.matches) << c.pattern << " and " << c.name;
  }
}

TEST(DestinationName, IsAcceptedWhenItIsOrdinary) {
  const std::vector<std::string> names{
      "memtop-a",      "/queue/orders",        "/topic/a..b",       "/queue/...", "/queue/.hidden",
      "/topic/50%",    "/topic/%2e",           "/topic/a%2e%2e",    "*",          "/topic/>",
      "/topic/größe",  "/topic/日本",          "/topic/\U0001F680", "/queue/a b", "/queue/\u200B",
      "/queue/\uE000", std::string(1024, 'a'),
  };
  for (const auto& name : names) EXPECT_EQ(why_bad_name(name), "") << name;
}

TEST(DestinationName, IsRefusedWithItsReason) {
  const std::string control = "holds a control character";
  const std::string turns = "holds a character that turns the direction of text";
  const std::string climbs = "has a level \"..\"";
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "is empty"},
      {std::string(1025, 'a'), "is longer than 1024 octets"},
      {"/queue/a\nb", control},
      {"/queue/a\0b"s, control},
      {"/queue/\x7f", control},
      {"/queue/\u0085", control},
      {"/queue/\u202A", turns},
      {"/queue/\u202Ecod.exe", turns},
      {"/queue/\u2066", turns},
      {"/queue/\u2069", turns},
      {"..", climbs},
      {"/queue/../etc", climbs},
      {"../a", climbs},
      {"/queue/..", climbs},
      {"/queue/%2e%2e/a", climbs},
      {"/queue/%2E%2e", climbs},
      {"/queue/.%2E/a", climbs},
      {"%2e.", climbs},
  };
  for (const auto& [name, why] : cases) EXPECT_EQ(why_bad_name(name), why) << name;
}

TEST(DestinationName, IsRefusedWhenItIsNotUtf8) {
  const std::vector<std::string> names{
      "\x80",              // nothing to continue
      "\xC3",              // cut off
      "\xE2\x82",          // cut off
      "\xC3(",             // not continued
      "\xC0\xAF",          // "/" in too many octets
      "\xE0\x80\xAF",      // the same in three
      "\xF0\x80\x80\xAF",  // and in four
      "\xED\xA0\x80",      // half of a surrogate pair
      "\xF4\x90\x80\x80",  // beyond U+10FFFF
      "\xF5\x80\x80\x80",
      "\xFF",
  };
  for (const auto& name : names) EXPECT_EQ(why_bad_name("/queue/" + name), "is not valid UTF-8");
}

}  // namespace
}  // namespace romp::broker
