// SPDX-License-Identifier: Apache-2.0
// STOMP 1.2, "DISCONNECT", and what becomes of clients that leave without it.
#include "conformance/server_test.hpp"

namespace romp::conformance {
namespace {

using namespace std::string_literals;
using Disconnect = ServerTest;
using LostConnection = ServerTest;

constexpr std::size_t many = 1000;

std::string sends(std::size_t count) {
  std::string frames;
  for (std::size_t i = 0; i < count; ++i) frames += "SEND\ndestination:/queue/a\n\nx\0"s;
  return frames;
}

TEST_F(Disconnect, EndsTheConnection) {
  auto c = connect();
  c.send("DISCONNECT");
  c.expect_closed();
}

TEST_F(Disconnect, HasAReceiptThatStandsForAllFramesBefore) {
  auto c = connect();
  c.raw(sends(many) + "DISCONNECT\nreceipt:bye\n\n\0"s);
  EXPECT_EQ(c.expect("RECEIPT").header("receipt-id"), "bye");
  EXPECT_EQ(server.counts("/queue/a").waiting, many);
  c.expect_closed();
}

TEST_F(Disconnect, MakesFramesBehindItDoNothing) {
  auto c = connect();
  c.raw("DISCONNECT\nreceipt:bye\n\n\0"s + sends(1));
  c.expect("RECEIPT");
  c.expect_closed();
  EXPECT_EQ(server.broker().find_existing("/queue/a"), nullptr);
}

TEST_F(Disconnect, GivesBackWhatWasNotAcknowledged) {
  auto c = connect();
  c.subscribe("/queue/a", {{"ack", "client"}});
  c.publish("/queue/a", "x");
  c.message();
  c.complete("DISCONNECT");
  auto late = connect();
  late.subscribe("/queue/a");
  EXPECT_EQ(late.message().body, "x");
}

/// What was queued for the client goes out before the RECEIPT, however long it takes to read.
TEST_F(Disconnect, ComesBehindAllThatWasDelivered) {
  constexpr std::size_t count = 200;
  auto c = connect();
  c.subscribe("/topic/a");
  auto producer = connect();
  for (std::size_t i = 0; i < count; ++i) producer.publish("/topic/a", std::string(60'000, 'x'));
  c.send("DISCONNECT", {{"receipt", "bye"}});
  c.bodies(count);
  EXPECT_EQ(c.expect("RECEIPT").header("receipt-id"), "bye");
  c.expect_closed();
}

/// A client may close its side once it has said DISCONNECT, and read on.
TEST_F(Disconnect, FollowedByTheEndOfInputStillBringsAllThatWasDelivered) {
  constexpr std::size_t count = 200;
  auto c = connect();
  c.subscribe("/topic/a");
  auto producer = connect();
  for (std::size_t i = 0; i < count; ++i) producer.publish("/topic/a", std::string(60'000, 'x'));
  c.send("DISCONNECT", {{"receipt", "bye"}});
  c.socket().finish_writing();
  c.bodies(count);
  EXPECT_EQ(c.expect("RECEIPT").header("receipt-id"), "bye");
  c.expect_closed();
}

TEST_F(LostConnection, LeavesWhatWasSentInForce) {
  auto c = connect();
  c.raw(sends(many));
  c.socket().close();
  auto late = connect();
  late.subscribe("/queue/a");
  EXPECT_EQ(late.bodies(many).size(), many);
}

TEST_F(LostConnection, MakesHalfAFrameDoNothing) {
  {
    auto c = connect();
    c.raw(sends(1) + "SEND\ndestination:/queue/a\n\nhalf");
    c.socket().finish_writing();
    c.expect_closed();
  }
  EXPECT_EQ(server.counts("/queue/a").waiting, 1U);
}

TEST_F(LostConnection, GivesBackWhatWasNotAcknowledged) {
  auto c = connect();
  c.subscribe("/queue/a", {{"ack", "client"}});
  c.publish("/queue/a", "x");
  c.message();
  c.socket().reset();
  auto late = connect();
  late.subscribe("/queue/a");
  const Frame message = late.message();
  EXPECT_EQ(message.body, "x");
  EXPECT_EQ(message.header("redelivered"), "true");
}

/// As with `printf ... | nc`: the answers to what was sent come before the end.
TEST_F(LostConnection, OnOneSideStillBringsTheAnswers) {
  auto c = connect();
  c.send("SEND", {{"destination", "/queue/a"}, {"receipt", "r"}}, "x");
  c.socket().finish_writing();
  EXPECT_EQ(c.expect("RECEIPT").header("receipt-id"), "r");
  c.expect_closed();
}

}  // namespace
}  // namespace romp::conformance
