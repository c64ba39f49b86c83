// SPDX-License-Identifier: Apache-2.0
// Request and reply through /temp-queue/NAME, which belongs to the session that made it.
#include "integration/server_test.hpp"

namespace romp::integration {
namespace {

class TemporaryQueues : public ServerTest {
 protected:
  TemporaryQueues() { start(); }

  /// Answers the next request with its body twice. Returns where to.
  static std::string answer_one(StompClient& service) {
    const Frame request = service.message();
    const std::string reply_to = request.header("reply-to");
    service.publish(reply_to, request.body + request.body,
                    {{"correlation-id", request.header("correlation-id")}});
    return reply_to;
  }
};

/// RabbitMQ's way: naming the queue is enough.
TEST_F(TemporaryQueues, BringRepliesWithoutASubscription) {
  auto service = connect();
  service.subscribe("/queue/service");
  auto c = connect();
  c.publish("/queue/service", "ab", {{"reply-to", "/temp-queue/mine"}, {"correlation-id", "7"}});
  answer_one(service);
  const Frame reply = c.message();
  EXPECT_EQ(reply.body, "abab");
  EXPECT_EQ(reply.header("correlation-id"), "7");
  EXPECT_EQ(reply.header("subscription"), "/temp-queue/mine");
}

/// ActiveMQ's way.
TEST_F(TemporaryQueues, BringRepliesToTheSubscriptionThatAskedForThem) {
  auto service = connect();
  service.subscribe("/queue/service");
  auto c = connect();
  const auto id = c.subscribe("/temp-queue/mine");
  c.publish("/queue/service", "ab", {{"reply-to", "/temp-queue/mine"}});
  answer_one(service);
  EXPECT_EQ(c.message().header("subscription"), id);
  c.nothing_came();
}

TEST_F(TemporaryQueues, BringManyRepliesOfManyServices) {
  auto service = connect();
  service.subscribe("/queue/service");
  auto c = connect();
  for (const std::string body : {"1", "2", "3"}) {
    c.publish("/queue/service", body, {{"reply-to", "/temp-queue/mine"}});
    answer_one(service);
  }
  EXPECT_THAT(c.bodies(3), ElementsAre("11", "22", "33"));
}

TEST_F(TemporaryQueues, OfTheSameNameInTwoSessionsAreTwo) {
  auto service = connect();
  service.subscribe("/queue/service");
  auto a = connect();
  auto b = connect();
  a.publish("/queue/service", "a", {{"reply-to", "/temp-queue/mine"}});
  b.publish("/queue/service", "b", {{"reply-to", "/temp-queue/mine"}});
  EXPECT_NE(answer_one(service), answer_one(service));
  EXPECT_EQ(a.message().body, "aa");
  EXPECT_EQ(b.message().body, "bb");
}

/// Nobody finds another session's queue by guessing: its real name is drawn by lot.
TEST_F(TemporaryQueues, HaveNamesThatNobodyGuesses) {
  auto service = connect();
  service.subscribe("/queue/service");
  auto c = connect();
  c.publish("/queue/service", "x", {{"reply-to", "/temp-queue/mine"}});
  EXPECT_THAT(service.message().header("reply-to"),
              testing::MatchesRegex("/temp-queue/[0-9a-f]{32}-mine"));
}

TEST_F(TemporaryQueues, MayBeReadByTheirOwnerOnly) {
  auto service = connect();
  service.subscribe("/queue/service");
  auto c = connect();
  c.publish("/queue/service", "x", {{"reply-to", "/temp-queue/mine"}});
  const std::string name = service.message().header("reply-to");
  service.send("SUBSCRIBE", {{"destination", name}, {"id", "thief"}});
  EXPECT_THAT(service.expect_error().body, HasSubstr("belongs to the session that made it"));
}

TEST_F(TemporaryQueues, GoWithTheirOwner) {
  auto service = connect();
  service.subscribe("/queue/service");
  auto c = connect();
  c.publish("/queue/service", "x", {{"reply-to", "/temp-queue/mine"}});
  const std::string name = service.message().header("reply-to");
  ASSERT_NE(server->broker().find_existing(name), nullptr);
  c.complete("DISCONNECT");
  EXPECT_EQ(server->broker().find_existing(name), nullptr);
}

TEST_F(TemporaryQueues, GoWithALostConnectionToo) {
  auto service = connect();
  service.subscribe("/queue/service");
  auto c = connect();
  c.publish("/queue/service", "x", {{"reply-to", "/temp-queue/mine"}});
  const std::string name = service.message().header("reply-to");
  c.socket().reset();
  EXPECT_TRUE(eventually([&] { return server->broker().find_existing(name) == nullptr; }));
}

/// A reply to a client that has left must not end the service's session for the other clients,
/// however often that happens.
TEST_F(TemporaryQueues, ThatHaveGoneCostTheServiceNothing) {
  settings.max_subs = 3;
  start();
  auto service = connect();
  service.subscribe("/queue/service");
  for (int i = 0; i < 5; ++i) {
    auto gone = connect();
    gone.publish("/queue/service", "x", {{"reply-to", "/temp-queue/mine"}});
    gone.complete("DISCONNECT");
    answer_one(service);
  }
  auto c = connect();
  c.publish("/queue/service", "y", {{"reply-to", "/temp-queue/mine"}});
  answer_one(service);
  EXPECT_EQ(c.message().body, "yy");
}

/// The rest of the transaction must not suffer.
TEST_F(TemporaryQueues, ThatGoBeforeCommitLeaveTheTransactionWhole) {
  auto service = connect();
  service.subscribe("/queue/service");
  auto gone = connect();
  gone.publish("/queue/service", "x", {{"reply-to", "/temp-queue/mine"}});
  service.begin("t");
  service.publish(service.message().header("reply-to"), "reply", {{"transaction", "t"}});
  service.publish("/queue/journal", "answered", {{"transaction", "t"}});
  gone.complete("DISCONNECT");
  service.commit("t");
  service.subscribe("/queue/journal");
  EXPECT_EQ(service.message().body, "answered");
}

TEST_F(TemporaryQueues, MayBeSubscribedToAgainByTheirOwner) {
  settings.max_subs = 2;
  start();
  auto c = connect();
  const auto id = c.subscribe("/temp-queue/1");
  c.subscribe("/temp-queue/2");
  c.unsubscribe(id);
  c.subscribe("/temp-queue/1");
  c.publish("/temp-queue/1", "x");
  EXPECT_EQ(c.message().body, "x");
}

TEST_F(TemporaryQueues, PassAReplyToOfAnotherKindThrough) {
  auto service = connect();
  service.subscribe("/queue/service");
  auto c = connect();
  c.publish("/queue/service", "x", {{"reply-to", "/queue/answers"}});
  EXPECT_EQ(service.message().header("reply-to"), "/queue/answers");
}

TEST_F(TemporaryQueues, AreBoundedInNumber) {
  settings.max_subs = 3;
  start();
  auto c = connect();
  for (int i = 0; i < 3; ++i) {
    c.publish("/queue/a", "x", {{"reply-to", "/temp-queue/" + std::to_string(i)}});
  }
  c.send("SEND", {{"destination", "/queue/a"}, {"reply-to", "/temp-queue/3"}}, "x");
  c.expect_error();
}

}  // namespace
}  // namespace romp::integration
