// SPDX-License-Identifier: Apache-2.0
// What the ini says about destinations.
#include "integration/server_test.hpp"

namespace romp::integration {
namespace {

using namespace std::chrono_literals;
using Rules = ServerTest;
using AutoCreate = ServerTest;
using AutoDelete = ServerTest;

class BadName : public ServerTest, public testing::WithParamInterface<std::string> {};

TEST_F(Rules, WriteBlockRefusesSends) {
  auto topic = topic_named("news");
  topic.write_block = true;
  start(topic);
  auto c = connect();
  c.subscribe("news");
  c.send("SEND", {{"destination", "news"}}, "x");
  c.expect_error("blocked");
}

TEST_F(Rules, ReadBlockRefusesSubscriptions) {
  auto topic = topic_named("drop-box");
  topic.read_block = true;
  start(topic);
  auto c = connect();
  c.publish("drop-box", "x");
  c.send("SUBSCRIBE", {{"destination", "drop-box"}, {"id", "1"}});
  c.expect_error("blocked");
}

TEST_F(Rules, FilterSelfKeepsMessagesFromTheSessionThatSentThem) {
  auto topic = topic_named("chat");
  topic.filter_self = true;
  start(topic);
  auto a = connect();
  auto b = connect();
  a.subscribe("chat");
  b.subscribe("chat");
  a.publish("chat", "from a");
  b.publish("chat", "from b");
  EXPECT_EQ(a.message().body, "from b");
  EXPECT_EQ(b.message().body, "from a");
  a.nothing_came();
  b.nothing_came();
}

TEST_F(Rules, NoLocalDoesTheSameForOneSubscription) {
  start();
  auto a = connect();
  auto b = connect();
  a.subscribe("/topic/chat", {{"no-local", "true"}});
  b.subscribe("/topic/chat");
  a.publish("/topic/chat", "x");
  EXPECT_EQ(b.message().body, "x");
  a.nothing_came();
}

TEST_F(Rules, AutoAckTreatsEverySubscriptionAsAuto) {
  auto queue = queue_named("/queue/a");
  queue.auto_ack = true;
  start(queue);
  auto c = connect();
  c.subscribe("/queue/a", {{"ack", "client"}, {"prefetch-count", "1"}});
  c.publish("/queue/a", "1");
  c.publish("/queue/a", "2");
  const Frame message = c.message();
  EXPECT_FALSE(message.has("ack"));
  EXPECT_EQ(c.message().body, "2");
  EXPECT_TRUE(is_settled("/queue/a"));
}

TEST_F(Rules, MaxConnectionsBoundsSubscriptions) {
  auto topic = topic_named("small");
  topic.max_connections = 1;
  start(topic);
  auto first = connect();
  first.subscribe("small");
  auto second = connect();
  second.send("SUBSCRIBE", {{"destination", "small"}, {"id", "1"}});
  second.expect_error("too many subscriptions");
  first.complete("DISCONNECT");
  connect().subscribe("small");
}

TEST_F(Rules, MaxMessageSizeOfADestinationIsItsOwn) {
  auto queue = queue_named("short-notes");
  queue.max_message_size = 10;
  start(queue);
  auto c = connect();
  c.publish("short-notes", std::string(10, 'x'));
  c.publish("/queue/a", std::string(1000, 'x'));
  c.send("SEND", {{"destination", "short-notes"}}, std::string(11, 'x'));
  EXPECT_THAT(c.expect_error("message too large").body, HasSubstr("takes 10"));
}

TEST_F(Rules, OfAPatternAreForNamesThatMatchIt) {
  auto topic = topic_named("/topic/locked/*");
  topic.write_block = true;
  start(topic);
  auto c = connect();
  c.publish("/topic/open", "x");
  c.send("SEND", {{"destination", "/topic/locked/a"}}, "x");
  c.expect_error("blocked");
}

TEST_F(Rules, AreTheDefaultsWhereNothingElseIsSaid) {
  settings.destination_defaults.max_message_size = 10;
  start();
  auto c = connect();
  c.send("SEND", {{"destination", "/topic/a"}}, std::string(11, 'x'));
  c.expect_error("message too large");
}

TEST_F(AutoCreate, MakesQueuesAndTopicsByTheirNames) {
  start();
  auto c = connect();
  c.publish("/queue/a", "kept");
  c.publish("/topic/a", "gone");
  c.subscribe("/queue/a");
  c.subscribe("/topic/a");
  EXPECT_EQ(c.message().body, "kept");
  c.nothing_came();
}

TEST_F(AutoCreate, DoesNotMakeOtherNames) {
  start();
  for (const std::string command : {"SEND", "SUBSCRIBE"}) {
    auto c = connect();
    c.send(command, {{"destination", "memtop-a"}, {"id", "1"}});
    c.expect_error("destination unknown");
  }
  EXPECT_EQ(server->broker().find_existing("memtop-a"), nullptr);
}

TEST_F(AutoCreate, MakesTheNamesThatAreAllowedAndNoOthers) {
  settings.auto_create = {"/orders/*"};
  start();
  auto c = connect();
  c.publish("/orders/a", "x");
  c.send("SEND", {{"destination", "/queue/a"}}, "x");
  c.expect_error("destination unknown");
}

TEST_F(AutoCreate, StopsAtMaxDestinations) {
  settings.max_destinations = 3;  // one of them is /xtomp/stat
  start();
  auto c = connect();
  c.publish("/queue/1", "x");
  c.publish("/queue/2", "x");
  c.send("SEND", {{"destination", "/queue/3"}}, "x");
  c.expect_error("too many destinations");
}

TEST_P(BadName, IsRefused) {
  start();
  for (const std::string command : {"SEND", "SUBSCRIBE"}) {
    auto c = connect();
    c.send(command, {{"destination", GetParam()}, {"id", "1"}});
    c.expect_error();
  }
}

INSTANTIATE_TEST_SUITE_P(AutoCreate, BadName,
                         testing::Values("", "/queue/../etc/passwd", "/queue/%2e%2E/x", "/queue/..",
                                         "/etc/passwd", "/queue/a\nb", "/queue/a\x01",
                                         "/queue/\xe2\x80\xaegnp.exe",
                                         "/queue/" + std::string(2000, 'x')));

TEST_F(AutoDelete, TakesIdleDestinationsAwayByItself) {
  settings.auto_delete = 1ms;
  start();
  connect().publish("/topic/a", "x");
  EXPECT_TRUE(eventually([&] { return server->broker().find_existing("/topic/a") == nullptr; }));
}

TEST_F(AutoDelete, LeavesWhatIsInUse) {
  settings.auto_delete = 1ms;
  start(queue_named("/queue/declared"));
  auto c = connect();
  c.subscribe("/topic/subscribed");
  c.publish("/queue/holds a message", "x");
  c.publish("/topic/idle", "x");
  EXPECT_TRUE(eventually([&] { return server->broker().find_existing("/topic/idle") == nullptr; }));
  EXPECT_NE(server->broker().find_existing("/topic/subscribed"), nullptr);
  EXPECT_NE(server->broker().find_existing("/queue/holds a message"), nullptr);
  EXPECT_NE(server->broker().find_existing("/queue/declared"), nullptr);
}

/// Else somebody who listens to everything would keep every topic there has ever been.
TEST_F(AutoDelete, TakesTopicsAwayThatOnlyPatternsReach) {
  settings.auto_delete = 1ms;
  start();
  auto c = connect();
  c.subscribe("/topic/*");
  c.publish("/topic/a", "1");
  EXPECT_TRUE(
      eventually([&] { return server->broker().find_existing("/topic/a") == nullptr; }, 5s));
  c.publish("/topic/a", "2");
  EXPECT_THAT(c.bodies(2), ElementsAre("1", "2"));
}

TEST_F(AutoDelete, IsNotSeenByWhoSendsAgain) {
  settings.auto_delete = 1ms;
  start();
  auto c = connect();
  c.publish("/topic/a", "x");
  ASSERT_TRUE(eventually([&] { return server->broker().find_existing("/topic/a") == nullptr; }));
  c.subscribe("/topic/a");
  c.publish("/topic/a", "again");
  EXPECT_EQ(c.message().body, "again");
}

}  // namespace
}  // namespace romp::integration
