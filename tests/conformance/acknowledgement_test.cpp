// SPDX-License-Identifier: Apache-2.0
// STOMP 1.2, "SUBSCRIBE ack Header", "ACK", "NACK".
#include "conformance/server_test.hpp"

namespace romp::conformance {
namespace {

using testing::MatchesRegex;

const Headers individual{{"ack", "client-individual"}};
const Headers cumulative{{"ack", "client"}};

class Acknowledgement : public ServerTest {
 protected:
  void publish(const std::vector<std::string>& bodies) {
    auto producer = connect();
    for (const auto& body : bodies) producer.publish("/queue/a", body);
  }
  /// What the queue gives to a consumer that comes later, in order.
  std::vector<std::string> left(std::size_t count) {
    auto late = connect();
    late.subscribe("/queue/a");
    auto bodies = late.bodies(count);
    late.nothing_came();
    return bodies;
  }
};

using Nack = Acknowledgement;
class AckOfEveryVersion : public EveryVersion {};

INSTANTIATE_TEST_SUITE_P(Acknowledgement, AckOfEveryVersion, every_version, version_name);

TEST_P(AckOfEveryVersion, SettlesTheMessageItNames) {
  auto c = connect();
  c.subscribe("/queue/a", individual);
  c.publish("/queue/a", "1");
  c.publish("/queue/a", "2");
  const Frame first = c.message();
  c.message();
  c.ack(first);
  c.complete("DISCONNECT");
  auto late = connect();
  late.subscribe("/queue/a");
  EXPECT_EQ(late.message().body, "2");
  late.nothing_came();
}

/// stompit sends id, message-id and subscription together, in every version.
TEST_P(AckOfEveryVersion, PassesOverHeadersOfOtherVersions) {
  auto c = connect();
  c.subscribe("/queue/a", individual);
  c.publish("/queue/a", "x");
  const Frame message = c.message();
  const std::string ack = message.has("ack") ? message.header("ack") : "other";
  c.complete("ACK", {{"subscription", message.header("subscription")},
                     {"message-id", message.header("message-id")},
                     {"id", ack}});
  EXPECT_EQ(server.counts("/queue/a").waiting, 0U);
}

TEST_P(AckOfEveryVersion, OfSomethingUnknownIsAnError) {
  auto c = connect();
  c.subscribe("/queue/a", {{"ack", "client"}, {"id", "1"}});
  c.send("ACK", {{"id", "1-77"}, {"message-id", "nothing_1-77"}, {"subscription", "1"}});
  c.expect_error("id unknown");
}

TEST_P(AckOfEveryVersion, NeedsAnId) {
  auto c = connect();
  c.subscribe("/queue/a", {{"ack", "client"}, {"id", "1"}});
  c.send("ACK", {{"subscription", "1"}});
  c.expect_error("id missing");
}

TEST_F(Acknowledgement, OfOneDotOneNeedsTheSubscription) {
  auto c = connect("1.1");
  c.subscribe("/queue/a", cumulative);
  c.publish("/queue/a", "x");
  c.send("ACK", {{"message-id", c.message().header("message-id")}});
  c.expect_error("subscription unknown");
}

TEST_F(Acknowledgement, OfOneDotTwoTakesTheAckHeaderAndNoMessageId) {
  auto c = connect("1.2");
  c.subscribe("/queue/a", {{"ack", "client"}, {"id", "1"}});
  c.publish("/queue/a", "x");
  c.send("ACK", {{"message-id", c.message().header("message-id")}, {"subscription", "1"}});
  c.expect_error("id missing");
}

TEST_F(Acknowledgement, IsOfferedInClientModesOnly) {
  auto c = connect();
  c.subscribe("/topic/a", {{"id", "auto"}});
  c.subscribe("/topic/a", {{"id", "client"}, {"ack", "client"}});
  c.subscribe("/topic/a", {{"id", "individual"}, {"ack", "client-individual"}});
  c.publish("/topic/a", "x");
  EXPECT_FALSE(c.message().has("ack"));
  EXPECT_TRUE(c.message().has("ack"));
  EXPECT_TRUE(c.message().has("ack"));
}

TEST_F(Acknowledgement, HasAnIdOfItsOwnForEveryDelivery) {
  auto c = connect();
  c.subscribe("/queue/a", individual);
  publish({"x"});
  const Frame first = c.message();
  c.nack(first);
  const Frame again = c.message();
  EXPECT_EQ(again.body, "x");
  EXPECT_NE(again.header("ack"), first.header("ack"));
  EXPECT_THAT(first.header("ack"), MatchesRegex("[A-Za-z0-9_-]+"));
  EXPECT_THAT(again.header("ack"), MatchesRegex("[A-Za-z0-9_-]+"));
}

TEST_F(Acknowledgement, InClientModeSettlesAllBeforeToo) {
  auto c = connect();
  c.subscribe("/queue/a", cumulative);
  publish({"1", "2", "3", "4"});
  c.bodies(2);
  c.ack(c.message());
  c.complete("DISCONNECT");
  EXPECT_THAT(left(1), ElementsAre("4"));
}

/// RabbitMQ's settles other subscriptions of the session as well: silent loss.
TEST_F(Acknowledgement, InClientModeLeavesOtherSubscriptionsAlone) {
  auto c = connect();
  c.subscribe("/queue/a", cumulative);
  c.subscribe("/queue/b", cumulative);
  c.publish("/queue/a", "1");
  c.publish("/queue/b", "2");
  EXPECT_EQ(c.message().body, "1");
  c.ack(c.message());
  c.complete("DISCONNECT");
  EXPECT_THAT(left(1), ElementsAre("1"));
}

TEST_F(Acknowledgement, InClientIndividualModeSettlesOneMessage) {
  auto c = connect();
  c.subscribe("/queue/a", individual);
  publish({"1", "2", "3"});
  c.bodies(1);
  c.ack(c.message());
  c.message();
  c.complete("DISCONNECT");
  EXPECT_THAT(left(2), ElementsAre("1", "3"));
}

TEST_F(Acknowledgement, MissingBringsMessagesBackMarkedAndCounted) {
  auto c = connect();
  c.subscribe("/queue/a", individual);
  publish({"x"});
  EXPECT_FALSE(c.message().has("redelivered"));
  c.complete("DISCONNECT");
  auto late = connect();
  late.subscribe("/queue/a");
  const Frame again = late.message();
  EXPECT_EQ(again.header("redelivered"), "true");
  EXPECT_EQ(again.header("delivery-count"), "2");
}

TEST_F(Acknowledgement, MissingBringsMessagesBackInOrderAtTheHead) {
  auto c = connect();
  c.subscribe("/queue/a", {{"ack", "client"}, {"prefetch-count", "2"}});
  publish({"1", "2", "3"});
  c.bodies(2);
  c.socket().reset();
  ASSERT_TRUE(support::eventually([&] { return server.counts("/queue/a").in_flight == 0; }));
  EXPECT_THAT(left(3), ElementsAre("1", "2", "3"));
}

TEST_F(Acknowledgement, TwiceIsAnError) {
  auto c = connect();
  c.subscribe("/queue/a", individual);
  publish({"x"});
  const Frame message = c.message();
  c.ack(message);
  c.send("ACK", {{"id", message.header("ack")}});
  c.expect_error("id unknown");
}

TEST_F(Acknowledgement, InAutoModeIsAnError) {
  auto c = connect();
  c.subscribe("/queue/a");
  c.send("ACK", {{"id", "1-1"}});
  c.expect_error("id unknown");
}

TEST_F(Acknowledgement, NeverReachesAnotherSessionsMessage) {
  auto owner = connect();
  owner.subscribe("/queue/a", individual);
  publish({"x"});
  const Frame message = owner.message();
  auto other = connect();
  other.subscribe("/queue/b", individual);
  other.send("ACK", {{"id", message.header("ack")}});
  other.expect_error("id unknown");
  owner.ack(message);
}

/// With a prefetch of one, nobody could ever acknowledge two messages at once.
TEST_F(Acknowledgement, MayLagFarBehindByDefault) {
  auto c = connect();
  c.subscribe("/queue/a", cumulative);
  for (int i = 0; i < 500; ++i) c.publish("/queue/a", std::to_string(i));
  c.bodies(499);
  c.ack(c.message());
  EXPECT_EQ(server.counts("/queue/a").in_flight, 0U);
}

TEST_F(Acknowledgement, OfATopicIsAccepted) {
  auto c = connect();
  c.subscribe("/topic/a", cumulative);
  c.publish("/topic/a", "1");
  c.publish("/topic/a", "2");
  c.message();
  c.ack(c.message());
}

TEST_F(Nack, BringsTheMessageBackMarkedAndCounted) {
  auto c = connect();
  c.subscribe("/queue/a", individual);
  publish({"x"});
  c.nack(c.message());
  const Frame again = c.message();
  EXPECT_EQ(again.header("redelivered"), "true");
  EXPECT_EQ(again.header("delivery-count"), "2");
  c.nack(again);
  EXPECT_EQ(c.message().header("delivery-count"), "3");
}

TEST_F(Nack, OfOneDotOneNamesMessageAndSubscription) {
  auto c = connect("1.1");
  c.subscribe("/queue/a", individual);
  publish({"x"});
  c.nack(c.message());
  EXPECT_EQ(c.message().header("redelivered"), "true");
}

TEST_F(Nack, InClientModeIsCumulativeAsAckIs) {
  auto c = connect();
  c.subscribe("/queue/a", {{"ack", "client"}, {"id", "1"}});
  publish({"1", "2", "3"});
  c.message();
  const Frame second = c.message();
  c.message();
  c.nack(second);
  EXPECT_THAT(c.bodies(2), ElementsAre("1", "2"));
  c.nothing_came();
}

TEST_F(Nack, InClientIndividualModeIsForOneMessage) {
  auto c = connect();
  c.subscribe("/queue/a", individual);
  publish({"1", "2"});
  c.message();
  c.nack(c.message());
  EXPECT_EQ(c.message().body, "2");
  c.nothing_came();
}

TEST_F(Nack, WithoutRequeueGivesTheMessageUp) {
  auto c = connect();
  c.subscribe("/queue/a", individual);
  publish({"x"});
  c.nack(c.message(), {{"requeue", "false"}});
  c.nothing_came();
  auto undertaker = connect();
  undertaker.subscribe("/queue/dead-letter");
  EXPECT_EQ(undertaker.message().header("dead-letter-reason"), "rejected by its consumer");
}

TEST_F(Nack, OfSomethingUnknownIsAnError) {
  auto c = connect();
  c.subscribe("/queue/a", individual);
  c.send("NACK", {{"id", "1-1"}});
  c.expect_error("id unknown");
}

}  // namespace
}  // namespace romp::conformance
