// SPDX-License-Identifier: Apache-2.0
#include "integration/server_test.hpp"

namespace romp::integration {
namespace {

using namespace std::chrono_literals;

class Queues : public ServerTest {
 protected:
  Queues() { start(); }
};

using SharedQueues = ServerTest;
using Expiry = ServerTest;

std::string in_the_past() { return std::to_string(base::unix_ms() - 1000); }

Headers with_prefetch(const std::string& count) {
  return {{"ack", "client-individual"}, {"prefetch-count", count}};
}

TEST_F(Queues, KeepMessagesUntilSomebodyComes) {
  auto producer = connect();
  producer.publish("/queue/a", "1");
  producer.publish("/queue/a", "2");
  producer.complete("DISCONNECT");
  auto consumer = connect();
  consumer.subscribe("/queue/a");
  EXPECT_THAT(consumer.bodies(2), ElementsAre("1", "2"));
}

TEST_F(Queues, GiveEachMessageToOneOfTheirConsumersInTurn) {
  auto a = connect();
  auto b = connect();
  auto producer = connect();
  a.subscribe("/queue/a");
  b.subscribe("/queue/a");
  for (const std::string body : {"1", "2", "3", "4"}) producer.publish("/queue/a", body);
  EXPECT_THAT(a.bodies(2), ElementsAre("1", "3"));
  EXPECT_THAT(b.bodies(2), ElementsAre("2", "4"));
  a.nothing_came();
  b.nothing_came();
}

TEST_F(Queues, GiveAConsumerNoMoreThanItsPrefetch) {
  auto consumer = connect();
  consumer.subscribe("/queue/a", with_prefetch("2"));
  for (const std::string body : {"1", "2", "3"}) consumer.publish("/queue/a", body);
  const Frame first = consumer.message();
  consumer.message();
  consumer.nothing_came();
  consumer.ack(first);
  EXPECT_EQ(consumer.message().body, "3");
}

TEST_F(Queues, KnowPrefetchByActiveMqsName) {
  auto consumer = connect();
  consumer.subscribe("/queue/a", {{"ack", "client"}, {"activemq.prefetchSize", "1"}});
  consumer.publish("/queue/a", "1");
  consumer.publish("/queue/a", "2");
  consumer.message();
  consumer.nothing_came();
}

TEST_F(Queues, RefuseAPrefetchThatIsNoNumber) {
  auto consumer = connect();
  consumer.send(
      "SUBSCRIBE",
      {{"destination", "/queue/a"}, {"id", "1"}, {"ack", "client"}, {"prefetch-count", "x"}});
  consumer.expect_error("bad prefetch-count");
}

TEST_F(Queues, GoOnWithOthersWhileOneConsumerHasNoCredit) {
  auto slow = connect();
  auto quick = connect();
  slow.subscribe("/queue/a", with_prefetch("1"));
  quick.subscribe("/queue/a");
  for (const std::string body : {"1", "2", "3", "4"}) quick.publish("/queue/a", body);
  EXPECT_EQ(slow.message().body, "1");
  EXPECT_THAT(quick.bodies(3), ElementsAre("2", "3", "4"));
}

TEST_F(Queues, GiveWhatOneConsumerLeavesToAnother) {
  auto leaving = connect();
  leaving.subscribe("/queue/a", individual);
  auto staying = connect();
  for (const std::string body : {"1", "2"}) staying.publish("/queue/a", body);
  leaving.bodies(2);
  staying.subscribe("/queue/a");
  leaving.complete("DISCONNECT");
  EXPECT_THAT(staying.bodies(2), ElementsAre("1", "2"));
}

TEST_F(Queues, TakeBackWhatAnEndedSubscriptionHeld) {
  auto consumer = connect();
  const auto id = consumer.subscribe("/queue/a", individual);
  consumer.publish("/queue/a", "x");
  consumer.message();
  consumer.unsubscribe(id);
  consumer.subscribe("/queue/a");
  EXPECT_EQ(consumer.message().header("redelivered"), "true");
}

TEST_F(SharedQueues, GiveEachMessageToAsManyConsumersAsMinDeliverySays) {
  auto queue = queue_named("orders");
  queue.min_delivery = 2;
  start(queue);
  auto a = connect();
  auto b = connect();
  auto c = connect();
  a.subscribe("orders", individual);
  a.publish("orders", "x");
  a.ack(a.message());
  a.nothing_came();
  b.subscribe("orders", individual);
  b.ack(b.message());
  c.subscribe("orders", individual);
  c.nothing_came();
  EXPECT_TRUE(is_settled("orders"));
}

TEST_F(Expiry, OfAMessageIsATimeOrALife) {
  start();
  auto c = connect();
  c.publish("/queue/a", "by time", {{"expires", in_the_past()}});
  c.publish("/queue/a", "by life", {{"expiration", "1"}});
  c.publish("/queue/a", "for ever", {{"expires", "0"}});
  c.publish("/queue/a", "still good", {{"expiration", "60000"}});
  c.nothing_comes(5ms);
  c.subscribe("/queue/a");
  EXPECT_THAT(c.bodies(2), ElementsAre("for ever", "still good"));
  c.nothing_came();
}

TEST_F(Expiry, ThatIsNoNumberIsAnError) {
  start();
  for (const std::string name : {"expires", "expiration"}) {
    auto c = connect();
    c.send("SEND", {{"destination", "/queue/a"}, {name, "soon"}}, "x");
    c.expect_error("bad expiry");
  }
}

TEST_F(Expiry, OfADestinationIsForMessagesThatNameNone) {
  auto queue = queue_named("/queue/short");
  queue.expiry = 1ms;
  start(queue);
  auto c = connect();
  c.publish("/queue/short", "gone");
  c.publish("/queue/short", "kept", {{"expiration", "60000"}});
  c.nothing_comes(5ms);
  c.subscribe("/queue/short");
  EXPECT_EQ(c.message().body, "kept");
  c.nothing_came();
}

TEST_F(Expiry, FreesTheQueueWithoutAnybodyAsking) {
  start();
  connect().publish("/queue/a", "x", {{"expiration", "1"}});
  EXPECT_TRUE(eventually([&] { return server->counts("/queue/a").expired == 1; }));
  EXPECT_TRUE(is_settled("/queue/a"));
}

TEST_F(Expiry, OfATopicCountsOnArrival) {
  start();
  auto c = connect();
  c.subscribe("/topic/a");
  c.publish("/topic/a", "too late", {{"expires", in_the_past()}});
  c.publish("/topic/a", "in time");
  EXPECT_EQ(c.message().body, "in time");
}

}  // namespace
}  // namespace romp::integration
