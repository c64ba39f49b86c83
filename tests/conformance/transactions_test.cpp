// SPDX-License-Identifier: Apache-2.0
// STOMP 1.2, "BEGIN", "COMMIT", "ABORT".
#include "conformance/server_test.hpp"

namespace romp::conformance {
namespace {

using Transactions = ServerTest;
class TransactionsOfEveryVersion : public EveryVersion {};

const Headers in_t{{"transaction", "t"}};

INSTANTIATE_TEST_SUITE_P(Transactions, TransactionsOfEveryVersion, every_version, version_name);

TEST_P(TransactionsOfEveryVersion, ShowNothingBeforeCommit) {
  auto c = connect();
  auto consumer = connect();
  consumer.subscribe("/queue/a");
  c.begin("t");
  c.publish("/queue/a", "1", in_t);
  c.publish("/queue/a", "2", in_t);
  consumer.nothing_came();
  c.commit("t");
  EXPECT_THAT(consumer.bodies(2), ElementsAre("1", "2"));
}

TEST_P(TransactionsOfEveryVersion, DoNothingAfterAbort) {
  auto c = connect();
  c.subscribe("/queue/a");
  c.begin("t");
  c.publish("/queue/a", "x", in_t);
  c.abort("t");
  c.nothing_came();
}

TEST_F(Transactions, DoNotHoldBackWhatIsSentOutside) {
  auto c = connect();
  c.subscribe("/queue/a");
  c.begin("t");
  c.publish("/queue/a", "inside", in_t);
  c.publish("/queue/a", "outside");
  EXPECT_EQ(c.message().body, "outside");
  c.commit("t");
  EXPECT_EQ(c.message().body, "inside");
}

/// Net::Stomp for Perl waits for the receipt of its SEND before it commits.
TEST_F(Transactions, GiveReceiptsForTheirFramesAtOnce) {
  auto c = connect();
  c.begin("t");
  c.send("SEND", {{"destination", "/queue/a"}, {"transaction", "t"}, {"receipt", "r"}}, "x");
  EXPECT_EQ(c.expect("RECEIPT").header("receipt-id"), "r");
}

TEST_F(Transactions, MayBeSeveralAtATime) {
  auto c = connect();
  c.subscribe("/queue/a");
  c.begin("t");
  c.begin("u");
  c.publish("/queue/a", "t", in_t);
  c.publish("/queue/a", "u", {{"transaction", "u"}});
  c.commit("u");
  EXPECT_EQ(c.message().body, "u");
  c.abort("t");
  c.nothing_came();
}

TEST_F(Transactions, MayReuseTheNameOfOneThatEnded) {
  auto c = connect();
  c.subscribe("/queue/a");
  c.begin("t");
  c.publish("/queue/a", "1", in_t);
  c.abort("t");
  c.begin("t");
  c.publish("/queue/a", "2", in_t);
  c.commit("t");
  EXPECT_EQ(c.message().body, "2");
}

TEST_F(Transactions, BelongToOneConnection) {
  auto a = connect();
  auto b = connect();
  a.begin("t");
  b.begin("t");
  b.abort("t");
  a.commit("t");
}

TEST_F(Transactions, EndWithTheirSession) {
  auto c = connect();
  c.begin("t");
  c.publish("/queue/a", "x", in_t);
  c.complete("DISCONNECT");
  auto late = connect();
  late.subscribe("/queue/a");
  late.nothing_came();
}

TEST_F(Transactions, HoldAckUntilCommit) {
  auto c = connect();
  c.subscribe("/queue/a", {{"ack", "client-individual"}});
  c.publish("/queue/a", "x");
  c.begin("t");
  c.ack(c.message(), in_t);
  EXPECT_EQ(server.counts("/queue/a").in_flight, 1U);
  c.commit("t");
  EXPECT_EQ(server.counts("/queue/a").in_flight, 0U);
}

TEST_F(Transactions, HoldNackUntilCommit) {
  auto c = connect();
  c.subscribe("/queue/a", {{"ack", "client-individual"}});
  c.publish("/queue/a", "x");
  c.begin("t");
  c.nack(c.message(), in_t);
  c.nothing_came();
  c.commit("t");
  EXPECT_EQ(c.message().header("redelivered"), "true");
}

TEST_F(Transactions, LeaveMessagesUnconsumedAfterAbort) {
  auto c = connect();
  c.subscribe("/queue/a", {{"ack", "client-individual"}});
  c.publish("/queue/a", "x");
  const Frame message = c.message();
  c.begin("t");
  c.ack(message, in_t);
  c.abort("t");
  c.ack(message);
  EXPECT_EQ(server.counts("/queue/a").in_flight, 0U);
}

TEST_F(Transactions, KeepCumulativeAckCumulative) {
  auto c = connect();
  c.subscribe("/queue/a", {{"ack", "client"}});
  for (const std::string body : {"1", "2", "3"}) c.publish("/queue/a", body);
  c.message();
  c.begin("t");
  c.ack(c.message(), in_t);
  c.commit("t");
  EXPECT_EQ(server.counts("/queue/a").in_flight, 1U);
}

TEST_F(Transactions, MayAckAndSendTogether) {
  auto c = connect();
  c.subscribe("/queue/in", {{"ack", "client-individual"}});
  c.publish("/queue/in", "x");
  c.begin("t");
  c.publish("/queue/out", "answer", in_t);
  c.ack(c.message(), in_t);
  c.commit("t");
  c.subscribe("/queue/out");
  EXPECT_EQ(c.message().body, "answer");
  EXPECT_EQ(server.counts("/queue/in").in_flight, 0U);
}

TEST_F(Transactions, ThatWereNotBegunAreErrors) {
  for (const std::string command : {"SEND", "COMMIT", "ABORT"}) {
    auto c = connect();
    c.send(command, {{"destination", "/queue/a"}, {"transaction", "t"}});
    c.expect_error("transaction unknown");
  }
  auto late = connect();
  late.subscribe("/queue/a");
  late.nothing_came();
}

TEST_F(Transactions, ThatWereNotBegunAreErrorsOfAckToo) {
  for (const std::string command : {"ACK", "NACK"}) {
    auto c = connect();
    c.subscribe("/queue/a", {{"ack", "client-individual"}});
    c.publish("/queue/a", "x");
    const Frame message = c.message();
    c.send(command, {{"id", message.header("ack")}, {"transaction", "t"}});
    c.expect_error("transaction unknown");
    auto late = connect();
    late.subscribe("/queue/a");
    EXPECT_EQ(late.message().body, "x");
  }
}

TEST_F(Transactions, ThatAreOpenCannotBeBegunAgain) {
  auto c = connect();
  c.begin("t");
  c.send("BEGIN", in_t);
  c.expect_error("transaction open");
}

TEST_F(Transactions, NeedAName) {
  for (const std::string command : {"BEGIN", "COMMIT", "ABORT"}) {
    auto c = connect();
    c.send(command);
    c.expect_error("transaction missing");
  }
}

TEST_F(Transactions, RefuseABadSendAtOnce) {
  auto c = connect();
  c.begin("t");
  c.send("SEND", {{"destination", "/nowhere/a"}, {"transaction", "t"}}, "x");
  c.expect_error("destination unknown");
}

}  // namespace
}  // namespace romp::conformance
