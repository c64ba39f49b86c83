// SPDX-License-Identifier: Apache-2.0
// STOMP 1.2, "SUBSCRIBE", "UNSUBSCRIBE", "MESSAGE".
#include "conformance/server_test.hpp"

namespace romp::conformance {
namespace {

using testing::MatchesRegex;
using Subscriptions = ServerTest;
using OldSubscriptions = ServerTest;
class SubscriptionsOfEveryVersion : public EveryVersion {};
class SubscriptionIds : public EveryVersion {};

INSTANTIATE_TEST_SUITE_P(Subscriptions, SubscriptionsOfEveryVersion, every_version, version_name);
INSTANTIATE_TEST_SUITE_P(Subscriptions, SubscriptionIds, newer_versions, version_name);

TEST_P(SubscriptionIds, AreNeededSinceOneDotOne) {
  auto c = connect();
  c.send("SUBSCRIBE", {{"destination", "/queue/a"}});
  c.expect_error("id missing");
  auto other = connect();
  other.subscribe("/queue/a");
  other.send("UNSUBSCRIBE", {{"destination", "/queue/a"}});
  other.expect_error("id missing");
}

TEST_F(OldSubscriptions, NeedNoId) {
  auto c = connect("1.0");
  c.complete("SUBSCRIBE", {{"destination", "/queue/a"}});
  c.publish("/queue/a", "x");
  EXPECT_FALSE(c.message().has("subscription"));
}

TEST_F(OldSubscriptions, EndByTheirDestination) {
  auto c = connect("1.0");
  c.complete("SUBSCRIBE", {{"destination", "/topic/a"}});
  c.complete("SUBSCRIBE", {{"destination", "/topic/b"}});
  c.complete("UNSUBSCRIBE", {{"destination", "/topic/a"}});
  c.publish("/topic/a", "gone");
  c.publish("/topic/b", "still there");
  EXPECT_EQ(c.message().body, "still there");
}

TEST_F(OldSubscriptions, MayHaveAnIdAndEndByIt) {
  auto c = connect("1.0");
  const auto id = c.subscribe("/topic/a");
  c.publish("/topic/a", "x");
  EXPECT_EQ(c.message().header("subscription"), id);
  c.unsubscribe(id);
  c.publish("/topic/a", "y");
  c.nothing_came();
}

TEST_P(SubscriptionsOfEveryVersion, NeedADestination) {
  auto c = connect();
  c.send("SUBSCRIBE", {{"id", "1"}});
  c.expect_error("destination missing");
}

TEST_P(SubscriptionsOfEveryVersion, GetMessagesThatSayWhereFromAndWhatFor) {
  auto c = connect();
  c.subscribe("/queue/a", {{"id", "7"}});
  c.publish("/queue/a", "x");
  const Frame message = c.message();
  EXPECT_EQ(message.header("destination"), "/queue/a");
  EXPECT_EQ(message.header("subscription"), "7");
  EXPECT_THAT(message.header("message-id"), MatchesRegex("[A-Za-z0-9_-]+"));
}

TEST_P(SubscriptionsOfEveryVersion, EndWithUnsubscribe) {
  auto c = connect();
  const auto id = c.subscribe("/topic/a");
  c.publish("/topic/a", "before");
  c.unsubscribe(id);
  c.publish("/topic/a", "after");
  EXPECT_EQ(c.message().body, "before");
  c.nothing_came();
}

TEST_P(SubscriptionsOfEveryVersion, ThatDoNotExistCannotEnd) {
  auto c = connect();
  c.send("UNSUBSCRIBE", {{"id", "nobody"}, {"destination", "/queue/a"}});
  c.expect_error("subscription unknown");
}

TEST_F(Subscriptions, GetMessageIdsThatDiffer) {
  auto c = connect();
  c.subscribe("/topic/a");
  c.publish("/topic/a", "1");
  c.publish("/topic/a", "2");
  EXPECT_NE(c.message().header("message-id"), c.message().header("message-id"));
}

TEST_F(Subscriptions, GetTheMessagesOfTheirOwnDestinationOnly) {
  auto c = connect();
  c.subscribe("/topic/a", {{"id", "a"}});
  c.subscribe("/topic/b", {{"id", "b"}});
  c.publish("/topic/b", "for b");
  c.publish("/topic/a", "for a");
  EXPECT_EQ(c.message().header("subscription"), "b");
  EXPECT_EQ(c.message().header("subscription"), "a");
  c.nothing_came();
}

TEST_F(Subscriptions, ToTheSameTopicGetEachTheirOwnMessage) {
  auto c = connect();
  c.subscribe("/topic/a", {{"id", "first"}});
  c.subscribe("/topic/a", {{"id", "second"}});
  c.publish("/topic/a", "x");
  EXPECT_EQ(c.message().header("subscription"), "first");
  EXPECT_EQ(c.message().header("subscription"), "second");
  c.nothing_came();
}

TEST_F(Subscriptions, CannotTakeAnIdThatIsInUse) {
  auto c = connect();
  c.subscribe("/topic/a", {{"id", "1"}});
  c.send("SUBSCRIBE", {{"destination", "/topic/b"}, {"id", "1"}});
  c.expect_error("id in use");
}

TEST_F(Subscriptions, MayTakeAnIdAgainThatIsFree) {
  auto c = connect();
  c.subscribe("/topic/a", {{"id", "1"}});
  c.unsubscribe("1");
  c.subscribe("/topic/b", {{"id", "1"}});
  c.publish("/topic/a", "a");
  c.publish("/topic/b", "b");
  EXPECT_EQ(c.message().body, "b");
}

TEST_F(Subscriptions, HaveIdsThatBelongToOneConnection) {
  auto a = connect();
  auto b = connect();
  a.subscribe("/topic/a", {{"id", "1"}});
  b.subscribe("/topic/b", {{"id", "1"}});
  b.unsubscribe("1");
  a.publish("/topic/a", "x");
  EXPECT_EQ(a.message().header("subscription"), "1");
}

TEST_F(Subscriptions, HaveTheThreeAckModesAndNoOther) {
  for (const std::string mode : {"auto", "client", "client-individual"}) {
    connect().subscribe("/queue/a", {{"ack", mode}});
  }
  for (const std::string mode : {"", "Auto", "client-", "individual", "client-individually"}) {
    auto c = connect();
    c.send("SUBSCRIBE", {{"destination", "/queue/a"}, {"id", "1"}, {"ack", mode}});
    c.expect_error("bad ack mode");
  }
}

}  // namespace
}  // namespace romp::conformance
