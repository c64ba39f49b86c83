// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "integration/server_test.hpp"

namespace romp::integration {
namespace {

using namespace std::chrono_literals;

/// More than the outbox and the system's buffers take.
constexpr int many = 400;
constexpr std::size_t large = 50'000;

class SlowConsumers : public ServerTest {
 protected:
  SlowConsumers() {
    settings.outbox_mark = 64 * 1024;
    settings.outbox_limit = 256 * 1024;
    settings.drain_timeout = 100ms;
  }

  StompClient slow_client() {
    StompClient c(server->port(), 4096);
    c.connect();
    return c;
  }
  static std::string numbered(int number) {
    return std::to_string(number) + " " + std::string(large, 'x');
  }
  static int number_of(const Frame& message) { return std::atoi(message.body.c_str()); }

  /// Publishes to a topic while `quick` reads and somebody else does not.
  void flood(StompClient& producer, StompClient& quick) {
    for (int i = 0; i < many; ++i) {
      producer.publish("/topic/a", numbered(i));
      ASSERT_EQ(number_of(quick.message()), i);
    }
  }
};

TEST_F(SlowConsumers, OfATopicAreDisconnectedByDefault) {
  start();
  auto slow = slow_client();
  auto quick = connect();
  auto producer = connect();
  slow.subscribe("/topic/a");
  quick.subscribe("/topic/a");
  flood(producer, quick);
  EXPECT_TRUE(eventually([&] { return server->connections() == 2; }));
  EXPECT_GT(server->counts("/topic/a").dropped, 0U);
  EXPECT_EQ(server->counts("/topic/a").subscriptions, 1U);
}

/// Whoever reads again in time is told why it has to go.
TEST_F(SlowConsumers, OfATopicHearWhyTheyAreDisconnected) {
  settings.drain_timeout = 30s;
  start();
  auto slow = slow_client();
  auto quick = connect();
  auto producer = connect();
  slow.subscribe("/topic/a");
  quick.subscribe("/topic/a");
  flood(producer, quick);
  Frame last = slow.receive();
  while (last.command == "MESSAGE") last = slow.receive();
  EXPECT_EQ(last.command, "ERROR");
  EXPECT_THAT(last.body, HasSubstr("slow consumer"));
}

TEST_F(SlowConsumers, OfATopicLoseMessagesWhereItIsToldSo) {
  settings.destination_defaults.slow_consumer = config::SlowConsumer::drop;
  start();
  auto slow = slow_client();
  auto quick = connect();
  auto producer = connect();
  slow.subscribe("/topic/a");
  quick.subscribe("/topic/a");
  flood(producer, quick);
  const auto counts = server->counts("/topic/a");
  ASSERT_GT(counts.dropped, 0U);
  int before = -1;
  for (std::uint64_t i = 0; i < many - counts.dropped; ++i) {
    const int number = number_of(slow.message());
    EXPECT_GT(number, before);
    before = number;
  }
  slow.nothing_came();
  producer.publish("/topic/a", "now it reads");
  EXPECT_EQ(slow.message().body, "now it reads");
}

/// The queue keeps what a session cannot take, for others or for later.
TEST_F(SlowConsumers, OfAQueueLoseNothing) {
  start();
  auto slow = slow_client();
  slow.subscribe("/queue/a");
  auto producer = connect();
  for (int i = 0; i < many; ++i) producer.publish("/queue/a", numbered(i));
  EXPECT_GT(server->counts("/queue/a").waiting, 0U);
  for (int i = 0; i < many; ++i) ASSERT_EQ(number_of(slow.message()), i);
  EXPECT_EQ(server->counts("/queue/a").waiting, 0U);
}

TEST_F(SlowConsumers, OfAQueueDoNotHoldUpTheOthers) {
  start();
  auto slow = slow_client();
  auto producer = connect();
  slow.subscribe("/queue/a");
  for (int i = 0; i < many; ++i) producer.publish("/queue/a", numbered(i));
  const std::size_t waiting = server->counts("/queue/a").waiting;
  ASSERT_GT(waiting, 0U);
  auto quick = connect();
  quick.subscribe("/queue/a");
  int before = -1;
  for (std::size_t i = 0; i < waiting; ++i) {
    const int number = number_of(quick.message());
    ASSERT_GT(number, before);
    before = number;
  }
  quick.nothing_came();
}

/// A queue stops giving when the outbox is above its mark, not one message later.
TEST_F(SlowConsumers, OfAQueueHaveABoundedOutbox) {
  settings.max_memory = 1U << 20U;
  settings.destination_defaults.on_full = config::OnFull::reject;
  start();
  auto slow = slow_client();
  slow.subscribe("/queue/a", cumulative);
  auto producer = connect();
  int taken = 0;
  for (; taken < many; ++taken) {
    producer.send("SEND", {{"destination", "/queue/a"}, {"receipt", "r"}}, numbered(taken));
    if (producer.receive().command == "ERROR") break;
  }
  EXPECT_GT(taken, 10);
  EXPECT_LT(taken, 40) << "the ceiling of memory counts what is handed out, too";
}

}  // namespace
}  // namespace romp::integration
