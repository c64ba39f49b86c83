// SPDX-License-Identifier: Apache-2.0
#include "integration/server_test.hpp"

namespace romp::integration {
namespace {

class DeadLetters : public ServerTest {
 protected:
  /// A queue that gives up after two deliveries.
  static config::DestinationSettings orders() {
    auto queue = queue_named("/queue/orders");
    queue.max_deliveries = 2;
    queue.dead_letter = "/queue/graveyard";
    return queue;
  }
};

TEST_F(DeadLetters, AreMessagesThatNobodyCouldHandle) {
  start(orders());
  auto c = connect();
  c.subscribe("/queue/orders", individual);
  c.publish("/queue/orders", "poison", {{"kind", "bad"}});
  c.nack(c.message());
  c.nack(c.message());
  c.nothing_came();
  c.subscribe("/queue/graveyard");
  const Frame dead = c.message();
  EXPECT_EQ(dead.body, "poison");
  EXPECT_EQ(dead.header("kind"), "bad");
  EXPECT_EQ(dead.header("destination"), "/queue/graveyard");
  EXPECT_EQ(dead.header("dead-letter-from"), "/queue/orders");
  EXPECT_EQ(dead.header("dead-letter-reason"), "max_deliveries reached");
}

TEST_F(DeadLetters, DoNotHoldUpTheOthers) {
  start(orders());
  auto c = connect();
  c.subscribe("/queue/orders", {{"ack", "client-individual"}, {"prefetch-count", "1"}});
  for (const std::string body : {"poison", "good", "better"}) c.publish("/queue/orders", body);
  c.nack(c.message());
  c.nack(c.message());
  const Frame good = c.message();
  EXPECT_EQ(good.body, "good");
  c.ack(good);
  EXPECT_EQ(c.message().body, "better");
}

TEST_F(DeadLetters, AreMessagesThatKilledTheirConsumers) {
  start(orders());
  for (int attempt = 0; attempt < 2; ++attempt) {
    auto c = connect();
    c.subscribe("/queue/orders", individual);
    if (attempt == 0) c.publish("/queue/orders", "kills its consumer");
    c.message();
    c.socket().reset();
    ASSERT_TRUE(eventually([&] { return server->counts("/queue/orders").in_flight == 0; }));
  }
  auto c = connect();
  c.subscribe("/queue/graveyard");
  EXPECT_EQ(c.message().body, "kills its consumer");
}

TEST_F(DeadLetters, AreDroppedAndCountedWhereThereIsNoPlaceForThem) {
  auto queue = orders();
  queue.dead_letter = "";
  start(queue);
  auto c = connect();
  c.subscribe("/queue/orders", individual);
  c.publish("/queue/orders", "poison");
  c.nack(c.message(), {{"requeue", "false"}});
  EXPECT_TRUE(is_settled("/queue/orders"));
  EXPECT_EQ(server->counts("/queue/orders").dead_lettered, 1U);
}

TEST_F(DeadLetters, DoNotCircleInTheirOwnQueue) {
  auto queue = orders();
  queue.dead_letter = "/queue/orders";
  start(queue);
  auto c = connect();
  c.subscribe("/queue/orders", individual);
  c.publish("/queue/orders", "poison");
  c.nack(c.message(), {{"requeue", "false"}});
  c.nothing_came();
  EXPECT_TRUE(is_settled("/queue/orders"));
}

TEST_F(DeadLetters, OfAnEndlessNackLoopComeAfterTwentyDeliveriesByDefault) {
  start();
  auto c = connect();
  c.subscribe("/queue/a", individual);
  c.publish("/queue/a", "poison");
  for (int i = 0; i < 20; ++i) c.nack(c.message());
  c.nothing_came();
  c.subscribe("/queue/dead-letter");
  EXPECT_EQ(c.message().header("dead-letter-from"), "/queue/a");
}

}  // namespace
}  // namespace romp::integration
