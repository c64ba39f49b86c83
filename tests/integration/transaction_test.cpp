// SPDX-License-Identifier: Apache-2.0
#include "integration/server_test.hpp"

namespace romp::integration {
namespace {

class LostTransactions : public ServerTest {
 protected:
  LostTransactions() { start(); }

  /// Loses the connection and waits until the broker has seen it.
  void lose(StompClient& client) {
    const std::size_t before = server->connections();
    client.socket().reset();
    ASSERT_TRUE(eventually([&] { return server->connections() < before; }));
  }
};

using FullTransactions = ServerTest;
const Headers in_t{{"transaction", "t"}};

TEST_F(LostTransactions, SendNothing) {
  auto c = connect();
  c.begin("t");
  c.publish("/queue/a", "x", in_t);
  lose(c);
  auto late = connect();
  late.subscribe("/queue/a");
  late.nothing_came();
}

TEST_F(LostTransactions, AcknowledgeNothing) {
  auto c = connect();
  c.subscribe("/queue/a", individual);
  c.publish("/queue/a", "1");
  c.publish("/queue/a", "2");
  c.begin("t");
  c.ack(c.message(), in_t);
  c.ack(c.message(), in_t);
  lose(c);
  auto late = connect();
  late.subscribe("/queue/a");
  EXPECT_THAT(late.bodies(2), ElementsAre("1", "2"));
}

TEST_F(LostTransactions, EndWithAnErrorToo) {
  auto c = connect();
  c.begin("t");
  c.publish("/queue/a", "x", in_t);
  c.send("SEND", {{"transaction", "t"}}, "no destination");
  c.expect_error("destination missing");
  auto late = connect();
  late.subscribe("/queue/a");
  late.nothing_came();
}

TEST_F(LostTransactions, FreeTheirMemory) {
  auto c = connect();
  c.begin("t");
  c.publish("/queue/a", std::string(1U << 20U, 'x'), in_t);
  lose(c);
  EXPECT_EQ(server->broker().memory().used(), 0U);
}

TEST_F(FullTransactions, AreRefusedByTheirSize) {
  settings.max_transaction_size = 10'000;
  start();
  auto c = connect();
  c.begin("t");
  for (int i = 0; i < 3; ++i) c.publish("/queue/a", std::string(2'500, 'x'), in_t);
  c.send("SEND", {{"destination", "/queue/a"}, {"transaction", "t"}}, std::string(2'500, 'x'));
  EXPECT_THAT(c.expect_error("transaction too large").body, HasSubstr("10000"));
}

TEST_F(FullTransactions, AreRefusedByTheirNumber) {
  settings.max_transactions = 2;
  start();
  auto c = connect();
  c.begin("1");
  c.begin("2");
  c.abort("1");
  c.begin("3");
  c.send("BEGIN", {{"transaction", "4"}});
  EXPECT_THAT(c.expect_error("too many transactions").body, HasSubstr("2"));
}

/// All or nothing: what was promised to a transaction is not refused when it commits.
TEST_F(FullTransactions, CommitIntoAFullQueueWhole) {
  auto queue = queue_named("/queue/small");
  queue.max_messages = 1;
  queue.on_full = config::OnFull::reject;
  start(queue);
  auto c = connect();
  c.begin("t");
  for (const std::string body : {"1", "2", "3"}) c.publish("/queue/small", body, in_t);
  c.commit("t");
  c.subscribe("/queue/small");
  EXPECT_THAT(c.bodies(3), ElementsAre("1", "2", "3"));
}

/// All or nothing here too: the rest is sent, and what has no place any more is not lost.
TEST_F(FullTransactions, CommitToTheDeadLetterQueueWhatHasNoDestinationAnyMore) {
  settings.max_destinations = 4;
  start();
  auto c = connect();
  c.begin("t");
  c.publish("/queue/gone", "1", in_t);
  c.publish("/queue/here", "2", in_t);
  server->broker().remove("/queue/gone");
  auto others = connect();
  others.publish("/queue/dead-letter", "makes it");
  others.publish("/queue/last", "makes it");
  c.commit("t");
  c.subscribe("/queue/here");
  EXPECT_EQ(c.message().body, "2");
  c.subscribe("/queue/dead-letter");
  EXPECT_THAT(c.bodies(2), ElementsAre("makes it", "1"));
}

}  // namespace
}  // namespace romp::integration
