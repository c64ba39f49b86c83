// SPDX-License-Identifier: Apache-2.0
// What selectors mean is tested in unit/broker; here is what SUBSCRIBE makes of them.
#include "integration/server_test.hpp"

namespace romp::integration {
namespace {

using namespace std::string_literals;

class Selectors : public ServerTest {
 protected:
  Selectors() { start(); }

  static Headers selecting(const std::string& selector) { return {{"selector", selector}}; }
  /// The ERROR that a SUBSCRIBE with this header gets.
  Frame refused(const std::string& header, const std::string& value) {
    auto c = connect();
    c.send("SUBSCRIBE", {{"destination", "/topic/a"}, {"id", "1"}, {header, value}});
    return c.expect_error("bad selector");
  }
};

TEST_F(Selectors, LetThroughWhatTheyMatch) {
  auto c = connect();
  c.subscribe("/topic/a", selecting("kind = 'good' AND size BETWEEN 2 AND 4"));
  c.publish("/topic/a", "small", {{"kind", "good"}, {"size", "1"}});
  c.publish("/topic/a", "right", {{"kind", "good"}, {"size", "3"}});
  c.publish("/topic/a", "bad", {{"kind", "bad"}, {"size", "3"}});
  c.publish("/topic/a", "bare");
  EXPECT_EQ(c.message().body, "right");
  c.nothing_came();
}

TEST_F(Selectors, OfAQueueLeaveTheRestToOthers) {
  auto chooser = connect();
  auto other = connect();
  chooser.subscribe("/queue/a", selecting("n = 2"));
  for (const std::string n : {"1", "2", "3"}) other.publish("/queue/a", n, {{"n", n}});
  EXPECT_EQ(chooser.message().body, "2");
  chooser.nothing_came();
  other.subscribe("/queue/a");
  EXPECT_THAT(other.bodies(2), ElementsAre("1", "3"));
}

/// Headers that need escapes on the wire are matched as they are meant.
TEST_F(Selectors, SeeHeadersAsTheyAreMeant) {
  auto c = connect();
  c.subscribe("/topic/a", selecting(R"(path = 'C:\new')"));
  c.publish("/topic/a", "x", {{"path", R"(C:\new)"}});
  EXPECT_EQ(c.message().body, "x");
}

TEST_F(Selectors, ThatAreBadAreRefusedWithThePosition) {
  EXPECT_THAT(refused("selector", "kind = ").body, HasSubstr("at position 7"));
  EXPECT_THAT(refused("selector", "kind = 'x").body, HasSubstr("at position 7"));
  EXPECT_THAT(refused("selector", "a = 1 b").body, HasSubstr("at position 6"));
}

TEST_F(Selectors, AreBoundedInWhatTheyMayAskFor) {
  std::string long_one = "a = 1";
  for (int i = 0; i < 700; ++i) long_one += " AND a=1";
  refused("selector", long_one);
  refused("selector", std::string(1000, '(') + "a = 1" + std::string(1000, ')'));
}

TEST_F(Selectors, TakeNoLongForWildcardsThatAlmostMatch) {
  auto c = connect();
  c.subscribe("/topic/a", selecting("k LIKE '%a%a%a%a%a%a%a%a%a%a%b'"));
  c.publish("/topic/a", "x", {{"k", std::string(4000, 'a')}});
  c.nothing_came();
}

TEST_F(Selectors, AreNotHonouredWhereTheDestinationSaysSo) {
  auto topic = topic_named("plain");
  topic.filter = false;
  start(topic);
  for (const std::string header : {"selector", "filter"}) {
    auto c = connect();
    c.send("SUBSCRIBE", {{"destination", "plain"}, {"id", "1"}, {header, "a=1"}});
    c.expect_error("selector not allowed");
  }
}

TEST_F(Selectors, MayBeWrittenAsRompsFilter) {
  auto c = connect();
  c.subscribe("/topic/a", {{"filter", "type=news"}});
  c.publish("/topic/a", "news", {{"type", "news"}});
  c.publish("/topic/a", "other", {{"type", "sports"}});
  c.publish("/topic/a", "without");
  EXPECT_EQ(c.message().body, "news");
  c.nothing_came();
}

TEST_F(Selectors, OfRompCompareNumbers) {
  auto c = connect();
  c.subscribe("/topic/a", {{"filter", "price>100"}, {"id", "dear"}});
  c.subscribe("/topic/a", {{"filter", "price==100"}, {"id", "exact"}});
  c.publish("/topic/a", "99", {{"price", "99"}});
  c.publish("/topic/a", "100", {{"price", "100"}});
  c.publish("/topic/a", "1000", {{"price", "1000"}});
  c.publish("/topic/a", "none", {{"price", "a lot"}});
  EXPECT_EQ(c.message().header("subscription"), "exact");
  EXPECT_EQ(c.message().body, "1000");
  c.nothing_came();
}

TEST_F(Selectors, OfRompThatAreBadAreRefused) {
  refused("filter", "price");
  refused("filter", "price > a lot");
}

}  // namespace
}  // namespace romp::integration
