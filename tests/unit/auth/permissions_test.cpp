// SPDX-License-Identifier: Apache-2.0
#include "auth/permissions.hpp"

#include <gmock/gmock.h>

namespace romp::auth {
namespace {

using testing::HasSubstr;

config::PermissionSettings section(std::string name, std::vector<std::string> users) {
  config::PermissionSettings made;
  made.name = std::move(name);
  made.users = std::move(users);
  made.where = "romp.ini:1";
  return made;
}

Identity user(std::string name, std::vector<std::string> roles = {}) {
  return {std::move(name), std::move(roles), 0};
}

TEST(PermissionPatterns, StandForWholeNames) {
  EXPECT_TRUE(rule_matches("/queue/a", "harry", "/queue/a"));
  EXPECT_FALSE(rule_matches("/queue/a", "harry", "/queue/ab"));
  EXPECT_FALSE(rule_matches("/queue/a", "harry", "/queue/"));
  EXPECT_FALSE(rule_matches("", "harry", "a"));
}

TEST(PermissionPatterns, HaveStarsAnywhere) {
  EXPECT_TRUE(rule_matches("*", "harry", "/queue/a"));
  EXPECT_TRUE(rule_matches("/queue/*", "harry", "/queue/a/b.c"));
  EXPECT_TRUE(rule_matches("/queue/*", "harry", "/queue/"));
  EXPECT_TRUE(rule_matches("/*/orders.*.eu", "harry", "/queue/orders.shop.eu"));
  EXPECT_TRUE(rule_matches("*a*a*b", "harry", "aaaaaab"));
  EXPECT_FALSE(rule_matches("/*/orders.*.eu", "harry", "/queue/orders.shop.us"));
  EXPECT_FALSE(rule_matches("/queue/*", "harry", "/topic/a"));
}

TEST(PermissionPatterns, NameTheUser) {
  EXPECT_TRUE(rule_matches("/queue/%u", "harry", "/queue/harry"));
  EXPECT_TRUE(rule_matches("/queue/%u/*", "harry", "/queue/harry/in"));
  EXPECT_TRUE(rule_matches("*%u", "harry", "/queue/harryharry"));
  EXPECT_FALSE(rule_matches("/queue/%u", "harry", "/queue/ron"));
  EXPECT_FALSE(rule_matches("/queue/%u/*", "har", "/queue/harry/in"));
}

TEST(PermissionPatterns, AreNotWidenedByTheNameOfAUser) {
  EXPECT_FALSE(rule_matches("/queue/%u", "*", "/queue/harry"));
  EXPECT_FALSE(rule_matches("/queue/%u/*", "harry/private", "/queue/harry/private/x"));
  EXPECT_FALSE(rule_matches("/queue/%u*", "", "/queue/harry"));
  EXPECT_TRUE(rule_matches("/queue/*", "*", "/queue/harry"));
}

TEST(PermissionPatterns, TakeNoTimeToSpeakOf) {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "*a";
  EXPECT_FALSE(rule_matches(pattern + "b", "harry", std::string(1000, 'a')));
}

TEST(PermissionRules, AreNotAskedWhileThereAreNone) {
  EXPECT_EQ(Permissions({}).rights_of(user("harry")), nullptr);
}

TEST(PermissionRules, AllowWhatASectionSaysAndNothingElse) {
  auto clerks = section("clerks", {"harry"});
  clerks.read = {"/queue/*"};
  const auto rights = Permissions({clerks}).rights_of(user("harry"));
  EXPECT_TRUE(rights->may(Verb::read, "/queue/a"));
  EXPECT_FALSE(rights->may(Verb::write, "/queue/a"));
  EXPECT_FALSE(rights->may(Verb::read, "/topic/a"));
  const auto others = Permissions({clerks}).rights_of(user("ron"));
  EXPECT_FALSE(others->may(Verb::read, "/queue/a"));
  EXPECT_FALSE(others->may_somewhere(Verb::read));
}

TEST(PermissionRules, AreForUsersRolesAndEverybody) {
  auto all = section("all", {"*"});
  all.read = {"/topic/*"};
  auto clerks = section("clerks", {});
  clerks.roles = {"clerk"};
  clerks.write = {"/queue/*"};
  const Permissions permissions({all, clerks});
  EXPECT_TRUE(permissions.rights_of(user(""))->may(Verb::read, "/topic/a"));
  EXPECT_FALSE(permissions.rights_of(user("harry"))->may(Verb::write, "/queue/a"));
  EXPECT_TRUE(permissions.rights_of(user("harry", {"clerk"}))->may(Verb::write, "/queue/a"));
}

TEST(PermissionRules, ThatForbidWinWhereverTheyStand) {
  auto forbidding = section("a", {"harry"});
  forbidding.read = {"!/queue/secret*"};
  auto allowing = section("b", {"*"});
  allowing.read = {"/queue/*"};
  for (const auto& order : {std::vector{forbidding, allowing}, std::vector{allowing, forbidding}}) {
    const auto rights = Permissions(order).rights_of(user("harry"));
    EXPECT_TRUE(rights->may(Verb::read, "/queue/a"));
    EXPECT_FALSE(rights->may(Verb::read, "/queue/secret.plans"));
  }
}

TEST(PermissionRules, DoNotBindAdministrators) {
  auto nobody = section("a", {"*"});
  nobody.read = {"!*"};
  EXPECT_EQ(Permissions({nobody}).rights_of(user("boss", {"admin"})), nullptr);
}

TEST(PermissionRules, SayWhichLineDecides) {
  auto clerks = section("clerks", {"harry"});
  clerks.read = {"/queue/*", "!/queue/secret"};
  clerks.lines["read"] = "romp.ini:12";
  const auto rights = Permissions({clerks}).rights_of(user("harry"));
  EXPECT_TRUE(rights->explain(Verb::read, "/queue/a").allowed);
  EXPECT_EQ(rights->explain(Verb::read, "/queue/a").because,
            "romp.ini:12: [permission clerks] read = /queue/*");
  EXPECT_FALSE(rights->explain(Verb::read, "/queue/secret").allowed);
  EXPECT_THAT(rights->explain(Verb::read, "/queue/secret").because, HasSubstr("!/queue/secret"));
  EXPECT_EQ(rights->explain(Verb::write, "/queue/a").because, "no section allows it");
}

TEST(PermissionVerbs, HaveTheWordsOfTheConfiguration) {
  for (const std::string_view word : {"read", "write", "create", "admin"}) {
    EXPECT_EQ(name_of(*verb_named(word)), word);
  }
  EXPECT_FALSE(verb_named("delete"));
}

}  // namespace
}  // namespace romp::auth
