// SPDX-License-Identifier: Apache-2.0
// on_full = reject, block, drop_oldest; and the ceiling for all messages in memory.
#include "integration/server_test.hpp"

namespace romp::integration {
namespace {

using namespace std::chrono_literals;
using config::OnFull;

class FullQueues : public ServerTest {
 protected:
  /// A queue that keeps two messages.
  static config::DestinationSettings small(OnFull on_full) {
    auto queue = queue_named("/queue/small");
    queue.max_messages = 2;
    queue.on_full = on_full;
    return queue;
  }
  StompClient filler() {
    auto c = connect();
    c.publish("/queue/small", "1");
    c.publish("/queue/small", "2");
    return c;
  }
  static void send_one(StompClient& c, const std::string& body) {
    c.send("SEND", {{"destination", "/queue/small"}, {"receipt", body}}, body);
  }
};

using MemoryCeiling = ServerTest;

TEST_F(FullQueues, RejectWhereTheyAreToldTo) {
  start(small(OnFull::reject));
  auto c = filler();
  send_one(c, "3");
  const Frame error = c.expect_error("destination full");
  EXPECT_EQ(error.header("receipt-id"), "3");
  EXPECT_THAT(error.body, HasSubstr("/queue/small"));
}

TEST_F(FullQueues, CountWhatIsHandedOutAndNotAcknowledged) {
  start(small(OnFull::reject));
  auto consumer = connect();
  consumer.subscribe("/queue/small", individual);
  auto c = filler();
  const Frame first = consumer.message();
  consumer.ack(first);
  c.publish("/queue/small", "3");
  send_one(c, "4");
  c.expect_error("destination full");
}

TEST_F(FullQueues, DropTheOldestWhereTheyAreToldTo) {
  start(small(OnFull::drop_oldest));
  auto c = filler();
  c.publish("/queue/small", "3");
  c.subscribe("/queue/small");
  EXPECT_THAT(c.bodies(2), ElementsAre("2", "3"));
  EXPECT_EQ(server->counts("/queue/small").dropped, 1U);
}

TEST_F(FullQueues, PauseTheirPublisherUntilThereIsRoom) {
  start(small(OnFull::block));
  auto producer = filler();
  send_one(producer, "3");
  send_one(producer, "4");
  producer.nothing_comes(20ms);
  auto consumer = connect();
  consumer.subscribe("/queue/small");
  EXPECT_EQ(producer.expect("RECEIPT").header("receipt-id"), "3");
  EXPECT_EQ(producer.expect("RECEIPT").header("receipt-id"), "4");
  EXPECT_THAT(consumer.bodies(4), ElementsAre("1", "2", "3", "4"));
}

TEST_F(FullQueues, PauseOnePublisherAndNobodyElse) {
  start(small(OnFull::block));
  auto producer = filler();
  send_one(producer, "3");
  auto other = connect();
  other.subscribe("/topic/a");
  other.publish("/topic/a", "x");
  EXPECT_EQ(other.message().body, "x");
}

TEST_F(FullQueues, GoOnGivingHeartBeatsToThePausedPublisher) {
  settings.heart_beat_write_min = 10ms;
  start(small(OnFull::block));
  auto producer = connect("1.2", {{"heart-beat", "0,40"}});
  for (const std::string body : {"1", "2", "3"}) send_one(producer, body);
  producer.expect("RECEIPT");
  producer.expect("RECEIPT");
  producer.wait_for_beats(producer.beats() + 3);
}

/// It cannot send heart-beats that anybody reads.
TEST_F(FullQueues, DoNotMissHeartBeatsOfThePausedPublisher) {
  settings.heart_beat_write_min = 10ms;
  start(small(OnFull::block));
  auto producer = connect("1.2", {{"heart-beat", "40,0"}});
  for (const std::string body : {"1", "2", "3"}) send_one(producer, body);
  producer.expect("RECEIPT");
  producer.expect("RECEIPT");
  producer.nothing_comes(200ms);
  connect().subscribe("/queue/small");
  EXPECT_EQ(producer.expect("RECEIPT").header("receipt-id"), "3");
}

TEST_F(FullQueues, RefuseThePausedPublisherAfterBlockTimeout) {
  settings.block_timeout = 50ms;
  start(small(OnFull::block));
  auto producer = filler();
  send_one(producer, "3");
  EXPECT_EQ(producer.expect_error("destination full").header("receipt-id"), "3");
  auto consumer = connect();
  consumer.subscribe("/queue/small");
  EXPECT_THAT(consumer.bodies(2), ElementsAre("1", "2"));
  consumer.nothing_came();
}

TEST_F(FullQueues, ForgetThePausedPublisherAfterBlockTimeout) {
  settings.block_timeout = 50ms;
  start(small(OnFull::block));
  auto producer = filler();
  send_one(producer, "3");
  ASSERT_TRUE(eventually([&] { return server->counts("/queue/small").blocked == 1; }));
  producer.expect_error("destination full");
  EXPECT_EQ(server->counts("/queue/small").blocked, 0U);
}

TEST_F(FullQueues, ForgetThePausedPublisherThatLeft) {
  start(small(OnFull::block));
  auto producer = filler();
  send_one(producer, "3");
  ASSERT_TRUE(eventually([&] { return server->counts("/queue/small").blocked == 1; }));
  producer.socket().reset();
  EXPECT_TRUE(eventually([&] { return server->counts("/queue/small").blocked == 0; }));
}

TEST_F(FullQueues, CountAnExpirationFromTheSendThatWaited) {
  start(small(OnFull::block));
  auto producer = filler();
  producer.send("SEND", {{"destination", "/queue/small"}, {"expiration", "20"}, {"receipt", "3"}},
                "3");
  producer.nothing_comes(30ms);
  auto consumer = connect();
  consumer.subscribe("/queue/small");
  producer.expect("RECEIPT");
  EXPECT_THAT(consumer.bodies(2), ElementsAre("1", "2"));
  consumer.nothing_came();
  EXPECT_EQ(server->counts("/queue/small").expired, 1U);
}

TEST_F(FullQueues, LetEveryPausedPublisherGoOn) {
  start(small(OnFull::block));
  auto first = filler();
  std::vector<StompClient> producers;
  for (int i = 0; i < 10; ++i) {
    producers.push_back(connect());
    send_one(producers.back(), "from " + std::to_string(i));
  }
  auto consumer = connect();
  consumer.subscribe("/queue/small", {{"ack", "client-individual"}, {"prefetch-count", "1"}});
  for (int i = 0; i < 12; ++i) consumer.ack(consumer.message());
  for (auto& producer : producers) producer.expect("RECEIPT");
}

/// As from any client that has left, what it sent counts.
TEST_F(FullQueues, TakeWhatAPausedPublisherSentBeforeItLeft) {
  start(small(OnFull::block));
  auto producer = connect();
  for (const std::string body : {"1", "2", "3", "4", "5"}) {
    producer.send("SEND", {{"destination", "/queue/small"}}, body);
  }
  producer.socket().close();
  auto consumer = connect();
  consumer.subscribe("/queue/small");
  EXPECT_THAT(consumer.bodies(5), ElementsAre("1", "2", "3", "4", "5"));
}

TEST_F(FullQueues, LetAPublisherGoWhenTheyAreDeleted) {
  start(small(OnFull::block));
  auto producer = filler();
  send_one(producer, "3");
  producer.nothing_comes(10ms);
  server->broker().remove("/queue/small");
  producer.expect("RECEIPT");
}

TEST_F(MemoryCeiling, BoundsAllDestinationsTogether) {
  settings.max_memory = 100'000;
  settings.destination_defaults.on_full = OnFull::reject;
  start();
  auto c = connect();
  c.publish("/queue/a", std::string(60'000, 'x'));
  c.publish("/queue/b", std::string(60'000, 'x'));
  c.send("SEND", {{"destination", "/queue/c"}}, std::string(10, 'x'));
  c.expect_error("destination full");
}

TEST_F(MemoryCeiling, LetsTopicsGoOn) {
  settings.max_memory = 100'000;
  start();
  auto c = connect();
  c.publish("/queue/a", std::string(120'000, 'x'));
  c.subscribe("/topic/a");
  c.publish("/topic/a", "x");
  EXPECT_EQ(c.message().body, "x");
}

/// Room made in one queue lets the publisher of another go on.
TEST_F(MemoryCeiling, LetsPausedPublishersGoOnWhenItIsNotReachedAnyMore) {
  settings.max_memory = 100'000;
  start();
  auto producer = connect();
  producer.publish("/queue/a", std::string(120'000, 'x'));
  producer.send("SEND", {{"destination", "/queue/b"}, {"receipt", "r"}}, "x");
  producer.nothing_comes(10ms);
  auto consumer = connect();
  consumer.subscribe("/queue/a");
  consumer.message();
  producer.expect("RECEIPT");
}

TEST_F(MemoryCeiling, IsTouchedByNothingThatHasGone) {
  start();
  auto c = connect();
  c.subscribe("/queue/a", individual);
  for (int i = 0; i < 10; ++i) c.publish("/queue/a", std::string(1000, 'x'));
  for (int i = 0; i < 9; ++i) c.ack(c.message());
  c.nack(c.message(), {{"requeue", "false"}});
  auto undertaker = connect();
  undertaker.subscribe("/queue/dead-letter");
  undertaker.message();
  EXPECT_EQ(server->broker().memory().used(), 0U);
}

}  // namespace
}  // namespace romp::integration
