// SPDX-License-Identifier: Apache-2.0
// Everything that passes between sessions, with the sessions on two workers.
#include <algorithm>
#include <set>
#include <thread>

#include "integration/server_test.hpp"

namespace romp::integration {
namespace {

using namespace std::string_literals;

/// `near` lives on one worker, `far` on the other; and so it stays, for who has a subscription does
/// not move.
class TwoWorkers : public testing::Test {
 protected:
  TwoWorkers() {
    EXPECT_NE(support::worker_of(near), support::worker_of(far));
    near.subscribe("/topic/stay");
  }

  static config::Settings settings() {
    auto settings = test_settings();
    settings.workers = 2;
    auto small = queue_named("/queue/small");
    small.max_messages = 2;
    settings.destinations.push_back(small);
    return settings;
  }
  /// Without a receipt for each.
  static void send_all(StompClient& c, const std::string& to,
                       const std::vector<std::string>& bodies) {
    std::string frames;
    for (const auto& body : bodies) frames += "SEND\ndestination:" + to + "\n\n" + body + "\0"s;
    c.raw(frames);
  }

  TestServer server{settings()};
  StompClient near = server.connect();
  StompClient far = server.connect();
};

TEST_F(TwoWorkers, KeepTheOrderOfAQueue) {
  far.subscribe("/queue/a");
  const auto sent = numbers(5000);
  send_all(near, "/queue/a", sent);
  EXPECT_EQ(far.bodies(sent.size()), sent);
}

/// What waits is then given by the consumer's worker, what is new by the producer's. The client
/// takes all that comes and reads it afterwards, so that the queue is now full, now empty.
TEST_F(TwoWorkers, KeepTheOrderOfAQueueThatIsNowFullNowEmpty) {
  far.subscribe("/queue/a");
  const auto sent = numbers(300'000);
  std::thread sending([&] { send_all(near, "/queue/a", sent); });
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  std::string octets;
  const std::string last = sent.back() + "\0"s;
  while (!octets.ends_with(last) && far.socket().read(octets, end) == support::Socket::Read::some) {
  }
  sending.join();
  std::vector<std::string> got;
  for (std::size_t at = 0, nul = 0; (nul = octets.find('\0', at)) != octets.npos; at = nul + 1) {
    const auto body = octets.rfind('\n', nul) + 1;
    got.push_back(octets.substr(body, nul - body));
  }
  EXPECT_TRUE(got == sent);
}

TEST_F(TwoWorkers, KeepTheOrderOfATopicOnBoth) {
  near.subscribe("/topic/a");
  far.subscribe("/topic/a");
  const auto sent = numbers(5000);
  send_all(near, "/topic/a", sent);
  EXPECT_EQ(far.bodies(sent.size()), sent);
  EXPECT_EQ(near.bodies(sent.size()), sent);
}

TEST_F(TwoWorkers, GiveEachMessageOfAQueueToOneOfTheirConsumers) {
  near.subscribe("/queue/a");
  far.subscribe("/queue/a");
  auto producer = server.connect();
  producer.subscribe("/topic/stay");
  const auto sent = numbers(5000);
  send_all(producer, "/queue/a", sent);
  producer.nothing_came();
  auto got = near.bodies(2500);
  std::ranges::copy(far.bodies(2500), std::back_inserter(got));
  EXPECT_EQ(std::set(got.begin(), got.end()), std::set(sent.begin(), sent.end()));
  near.nothing_came();
  far.nothing_came();
}

TEST_F(TwoWorkers, TakeAcknowledgements) {
  far.subscribe("/queue/a", {{"ack", "client-individual"}, {"prefetch-count", "2"}});
  const auto sent = numbers(100);
  send_all(near, "/queue/a", sent);
  for (const auto& body : sent) {
    const Frame message = far.message();
    ASSERT_EQ(message.body, body);
    far.ack(message);
  }
  near.nothing_came();
  EXPECT_EQ(server.counts("/queue/a").in_flight, 0U);
}

TEST_F(TwoWorkers, TakeCumulativeAcknowledgements) {
  far.subscribe("/queue/a", cumulative);
  send_all(near, "/queue/a", numbers(100));
  far.bodies(98);
  far.ack(far.message());
  EXPECT_EQ(server.counts("/queue/a").in_flight, 1U);
}

TEST_F(TwoWorkers, BringBackWhatWasRefused) {
  far.subscribe("/queue/a", individual);
  near.publish("/queue/a", "x");
  far.nack(far.message());
  EXPECT_EQ(far.message().header("delivery-count"), "2");
}

TEST_F(TwoWorkers, GiveTheOtherWhatADisconnectedConsumerHeld) {
  far.subscribe("/queue/a", individual);
  const auto sent = numbers(100);
  send_all(near, "/queue/a", sent);
  far.bodies(50);
  far.socket().reset();
  ASSERT_TRUE(support::eventually([&] { return server.counts("/queue/a").in_flight == 0; }));
  near.subscribe("/queue/a");
  EXPECT_EQ(near.bodies(sent.size()), sent);
}

/// Deliveries may be on their way to a worker whose session ends just then.
TEST_F(TwoWorkers, LoseNothingThatIsOnItsWayToAnEndingSession) {
  constexpr int count = 2000;
  send_all(near, "/queue/a", numbers(count));
  std::set<std::string> got;
  for (int round = 0; round < 10; ++round) {
    auto leaving = server.connect();
    leaving.subscribe("/queue/a", {{"ack", "client-individual"}, {"prefetch-count", "50"}});
    const Frame message = leaving.message();
    leaving.ack(message);
    got.insert(message.body);
    leaving.socket().reset();
  }
  far.subscribe("/queue/a");
  while (got.size() < count) ASSERT_TRUE(got.insert(far.message().body).second);
}

TEST_F(TwoWorkers, LoseNothingThatIsOnItsWayToAnEndingSubscription) {
  constexpr int count = 2000;
  std::thread sending([&] { send_all(near, "/queue/a", numbers(count)); });
  std::set<std::string> got;
  for (int round = 0; round < 15; ++round) {
    const auto id =
        far.subscribe("/queue/a", {{"ack", "client-individual"}, {"prefetch-count", "30"}});
    const Frame message = far.message();
    far.ack(message);
    got.insert(message.body);
    far.unsubscribe(id);
    while (far.receive_if_any()) {
    }
  }
  sending.join();
  far.subscribe("/queue/a");
  while (got.size() < count) ASSERT_TRUE(got.insert(far.message().body).second);
}

TEST_F(TwoWorkers, AnswerRequests) {
  far.subscribe("/queue/service");
  near.publish("/queue/service", "ping", {{"reply-to", "/temp-queue/mine"}});
  far.publish(far.message().header("reply-to"), "pong");
  EXPECT_EQ(near.message().body, "pong");
}

TEST_F(TwoWorkers, HonourSelectorsAndPatterns) {
  far.subscribe("/topic/*", {{"selector", "k = 'yes'"}});
  near.publish("/topic/a", "no");
  near.publish("/topic/b", "yes", {{"k", "yes"}});
  EXPECT_EQ(far.message().body, "yes");
  far.nothing_came();
}

TEST_F(TwoWorkers, CommitTransactionsInOnePiece) {
  far.subscribe("/queue/a");
  near.begin("t");
  for (const auto& body : numbers(10)) near.publish("/queue/a", body, {{"transaction", "t"}});
  far.nothing_came();
  near.commit("t");
  EXPECT_EQ(far.bodies(10), numbers(10));
}

TEST_F(TwoWorkers, LetAPausedPublisherGoOn) {
  const auto sent = numbers(50);
  send_all(near, "/queue/small", sent);
  far.subscribe("/queue/small", {{"ack", "client-individual"}, {"prefetch-count", "1"}});
  for (const auto& body : sent) {
    const Frame message = far.message();
    ASSERT_EQ(message.body, body);
    far.ack(message);
  }
  near.nothing_came();
}

TEST_F(TwoWorkers, PassLargeBodies) {
  far.subscribe("/queue/a");
  std::string body(3U << 20U, 'x');
  body[1000] = '\0';
  near.publish("/queue/a", body);
  EXPECT_TRUE(far.message().body == body);
}

/// A user may have one subscription to an inbox; a newer one ends the older one's session.
class TwoWorkersWithAnInbox : public TwoWorkers {
 protected:
  static config::Settings with_inbox() {
    auto with_inbox = settings();
    with_inbox.login = "harry";
    with_inbox.passcode = "alohomora";
    auto inbox = topic_named("inbox");
    inbox.sub_by_user = true;
    with_inbox.destinations.push_back(inbox);
    return with_inbox;
  }

  TestServer other{with_inbox()};
  StompClient older = other.connect("1.2", {{"login", "harry"}, {"passcode", "alohomora"}});
  StompClient newer = other.connect("1.2", {{"login", "harry"}, {"passcode", "alohomora"}});
};

TEST_F(TwoWorkersWithAnInbox, TellAnOlderSubscriptionOfTheOtherThatItHasEnded) {
  older.subscribe("inbox");
  newer.subscribe("inbox");
  older.expect_error("subscription ended");
}

TEST_F(TwoWorkersWithAnInbox, GiveAnEndingSessionWhatWasSentToItBefore) {
  older.subscribe("/topic/a");
  older.subscribe("inbox");
  newer.raw("SEND\ndestination:/topic/a\n\nx\0SUBSCRIBE\nid:1\ndestination:inbox\n\n\0"s);
  EXPECT_EQ(older.message().body, "x");
  older.expect_error("subscription ended");
}

/// Two producers and two consumers at once; what each producer sent comes in its order.
TEST_F(TwoWorkers, KeepTheOrderOfEachProducerWhileBothSend) {
  constexpr int count = 2000;
  near.subscribe("/topic/a");
  const auto send_as = [this](const std::string& name) {
    auto producer = server.connect();
    producer.subscribe("/topic/stay");
    for (int i = 0; i < count; ++i) {
      producer.send("SEND", {{"destination", "/topic/a"}, {"from", name}}, std::to_string(i));
    }
    producer.nothing_came();
  };
  std::thread a(send_as, "a");
  std::thread b(send_as, "b");
  std::map<std::string, int> next;
  for (int i = 0; i < 2 * count; ++i) {
    const Frame message = near.message();
    EXPECT_EQ(message.body, std::to_string(next[message.header("from")]++));
  }
  a.join();
  b.join();
}

}  // namespace
}  // namespace romp::integration
