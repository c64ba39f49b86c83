// SPDX-License-Identifier: Apache-2.0
#include "integration/server_test.hpp"

namespace romp::integration {
namespace {

class Topics : public ServerTest {
 protected:
  Topics() { start(); }
};

using Patterns = Topics;

TEST_F(Topics, GiveEverySubscriberEveryMessage) {
  auto a = connect();
  auto b = connect();
  a.subscribe("/topic/a");
  b.subscribe("/topic/a");
  for (const std::string body : {"1", "2"}) a.publish("/topic/a", body);
  EXPECT_THAT(a.bodies(2), ElementsAre("1", "2"));
  EXPECT_THAT(b.bodies(2), ElementsAre("1", "2"));
}

TEST_F(Topics, ForgetWhatNobodyHeard) {
  auto c = connect();
  c.publish("/topic/a", "early");
  c.subscribe("/topic/a");
  c.publish("/topic/a", "late");
  EXPECT_EQ(c.message().body, "late");
}

/// Subscriptions that are alike share each rendered frame; they must still not mix.
TEST_F(Topics, GiveSubscribersOfAllVersionsAndModesTheSame) {
  std::vector<StompClient> all;
  for (const std::string version : {"1.0", "1.0", "1.1", "1.1", "1.2", "1.2"}) {
    all.push_back(connect(version));
    all.back().subscribe("/topic/a", {{"id", "same"}});
  }
  all.push_back(connect());
  all.back().subscribe("/topic/a", {{"id", "same"}, {"ack", "client"}});
  all.front().publish("/topic/a", "x", {{"k", "v"}});
  for (auto& c : all) {
    const Frame message = c.message();
    EXPECT_EQ(message.body, "x");
    EXPECT_EQ(message.header("k"), "v");
    EXPECT_EQ(message.header("subscription"), "same");
  }
}

TEST_F(Patterns, MatchOneLevelOrTheRest) {
  auto c = connect();
  c.subscribe("/topic/*/eu", {{"id", "one level"}});
  c.subscribe("/topic/stock.>", {{"id", "the rest"}});
  c.subscribe("/topic/stock.#", {{"id", "the rest too"}});
  c.publish("/topic/gold/eu", "1");
  EXPECT_EQ(c.message().header("subscription"), "one level");
  c.publish("/topic/stock.us.ibm", "2");
  EXPECT_EQ(c.message().header("subscription"), "the rest");
  EXPECT_EQ(c.message().header("subscription"), "the rest too");
  c.publish("/topic/gold/eu/west", "3");
  c.publish("/topic/stock", "4");
  c.nothing_came();
}

TEST_F(Patterns, ReachTopicsThatAreThereAndThoseThatComeLater) {
  auto c = connect();
  c.publish("/topic/old", "nobody listens");
  c.subscribe("/topic/*");
  c.publish("/topic/old", "old");
  c.publish("/topic/new", "new");
  EXPECT_EQ(c.message().header("destination"), "/topic/old");
  EXPECT_EQ(c.message().header("destination"), "/topic/new");
}

TEST_F(Patterns, GiveEachMessageOnceForASubscription) {
  auto c = connect();
  c.subscribe("/topic/a");
  c.subscribe("/topic/*");
  c.publish("/topic/a", "x");
  c.bodies(2);
  c.nothing_came();
}

TEST_F(Patterns, EndWithTheirSubscription) {
  auto c = connect();
  const auto id = c.subscribe("/topic/*");
  c.publish("/topic/a", "x");
  c.message();
  c.unsubscribe(id);
  c.publish("/topic/a", "y");
  c.publish("/topic/b", "z");
  c.nothing_came();
}

TEST_F(Patterns, MayHaveASelectorAndAcknowledge) {
  auto c = connect();
  c.subscribe("/topic/*", {{"selector", "k = 'yes'"}, {"ack", "client-individual"}});
  c.publish("/topic/a", "no");
  c.publish("/topic/b", "yes", {{"k", "yes"}});
  const Frame message = c.message();
  EXPECT_EQ(message.body, "yes");
  c.ack(message);
}

/// A consumer of "all queues" would take messages from those they are meant for.
TEST_F(Patterns, NameNoQueues) {
  auto c = connect();
  c.send("SUBSCRIBE", {{"destination", "/queue/*"}, {"id", "1"}});
  c.expect_error("bad destination");
  auto other = connect();
  other.subscribe(">");
  other.publish("/queue/a", "x");
  other.nothing_came();
}

TEST_F(Patterns, ReachNoTopicThatClientsMayNotRead) {
  auto topic = topic_named("/topic/secret");
  topic.read_block = true;
  start(topic);
  auto c = connect();
  c.subscribe("/topic/*");
  c.publish("/topic/secret", "x");
  c.nothing_came();
}

TEST_F(Patterns, AreNoPlaceToSendTo) {
  auto c = connect();
  c.send("SEND", {{"destination", "/topic/*"}}, "x");
  c.expect_error("destination unknown");
}

TEST_F(Patterns, OutliveTheTopicsTheyReach) {
  auto c = connect();
  c.subscribe("/topic/*");
  c.publish("/topic/a", "1");
  server->broker().remove("/topic/a");
  c.publish("/topic/a", "2");
  EXPECT_THAT(c.bodies(2), ElementsAre("1", "2"));
}

}  // namespace
}  // namespace romp::integration
