// SPDX-License-Identifier: Apache-2.0
#include "integration/bridge_test.hpp"

namespace romp::integration {
namespace {

using support::ScriptedServer;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class BridgeForward : public BridgeTest {
 protected:
  const Keys out{{"out", "/queue/orders -> /queue/taken"}};
  const Keys in{{"in", "/queue/prices -> /queue/local"}};

  void publish(TestServer& server, std::string_view destination, int from, int to) {
    auto client = server.connect();
    for (int i = from; i <= to; ++i) client.publish(destination, std::to_string(i));
  }
};

TEST_F(BridgeForward, TakesAQueueToTheOtherSideInOrder) {
  start_there();
  bridge(address_there(), out);
  start_here();
  publish(*here, "/queue/orders", 1, 1200);
  auto reader = there->connect();
  reader.subscribe("/queue/taken");
  EXPECT_EQ(reader.bodies(1200), numbers(1, 1200));
  EXPECT_TRUE(is_empty(*here, "/queue/orders"));
  EXPECT_TRUE(counts("bridge_sent_total", 1200));
  EXPECT_TRUE(counts("bridge_up", 1));
  EXPECT_TRUE(counts("bridge_lag_messages", 0));
}

TEST_F(BridgeForward, LeavesTheHeadersOfTheHopBehindAndAddsItsOwn) {
  start_there();
  Keys keys = out;
  keys["node"] = "me";
  bridge(address_there(), keys);
  start_here();
  here->connect().publish("/queue/orders", "x",
                          {{"a", "1:2\n3"}, {"content-type", "text/x"}, {"priority", "3"}});
  auto reader = there->connect();
  reader.subscribe("/queue/taken");
  const auto message = reader.message();
  EXPECT_EQ(message.header("a"), "1:2\n3");
  EXPECT_EQ(message.header("content-type"), "text/x");
  EXPECT_EQ(message.header("priority"), "3");
  EXPECT_EQ(message.header("x-romp-via"), "me");
  EXPECT_THAT(message.header("x-romp-origin-id"), Not(IsEmpty()));
  for (const char* name : {"receipt", "ack", "transaction", "redelivered", "x-romp-resent"}) {
    EXPECT_FALSE(message.has(name)) << name;
  }
}

TEST_F(BridgeForward, KeepsMessagesWhileTheOtherSideIsAway) {
  start_there();
  const auto port = there->port();
  bridge(address_there(), out);
  there.reset();
  start_here();
  publish(*here, "/queue/orders", 1, 700);
  EXPECT_EQ(here->counts("/queue/orders").waiting + here->counts("/queue/orders").in_flight, 700U);
  start_there(port);
  auto reader = there->connect();
  reader.subscribe("/queue/taken");
  EXPECT_EQ(reader.bodies(700), numbers(1, 700));
  EXPECT_TRUE(is_empty(*here, "/queue/orders"));
}

TEST_F(BridgeForward, BringsAQueueFromTheOtherSideInOrder) {
  start_there();
  bridge(address_there(), in);
  start_here();
  publish(*there, "/queue/prices", 1, 1200);
  auto reader = here->connect();
  reader.subscribe("/queue/local");
  EXPECT_EQ(reader.bodies(1200), numbers(1, 1200));
  EXPECT_TRUE(is_empty(*there, "/queue/prices"));
  EXPECT_TRUE(counts("bridge_received_total", 1200));
}

TEST_F(BridgeForward, LeavesOnTheOtherSideWhatThereIsNoRoomFor) {
  start_there();
  bridge(address_there(), {{"in", "/queue/prices -> /queue/local"}, {"window", "10"}});
  auto small = queue_named("/queue/local");
  small.max_messages = 5;
  here_settings.destinations.push_back(small);
  start_here();
  publish(*there, "/queue/prices", 1, 100);
  ASSERT_TRUE(eventually([&] { return here->counts("/queue/local").waiting == 5; }));
  auto reader = here->connect();
  reader.subscribe("/queue/local");
  EXPECT_EQ(reader.bodies(100), numbers(1, 100));
  EXPECT_TRUE(is_empty(*there, "/queue/prices"));
}

TEST_F(BridgeForward, KeepsWhatAWildcardStandsFor) {
  start_there();
  bridge(address_there(), {{"in", "/topic/prices.> -> /topic/far.>"}});
  start_here();
  auto reader = here->connect();
  reader.subscribe("/topic/far.eur");
  ASSERT_TRUE(counts("bridge_up", 1));
  auto writer = there->connect();
  ASSERT_TRUE(eventually([&] {
    writer.publish("/topic/prices.eur", "1.07");
    return reader.receive_if_any().has_value();
  }));
}

TEST_F(BridgeForward, DropsWhatHasBeenHereBefore) {
  start_there();
  const Keys both{{"out", "/queue/a -> /queue/b"}, {"in", "/queue/b -> /queue/a"}};
  bridge(address_there(), both);
  start_here();
  publish(*here, "/queue/a", 1, 10);
  EXPECT_TRUE(counts("bridge_looped_total", 10));
  EXPECT_TRUE(is_empty(*here, "/queue/a"));
  EXPECT_TRUE(is_empty(*there, "/queue/b"));
}

TEST_F(BridgeForward, GoesOverAHubToTheNextSide) {
  start_there();
  TestServer third;
  bridge(address_there(), {{"in", "/queue/a -> /queue/hub"}});
  bridge("127.0.0.1:" + std::to_string(third.port()), {{"out", "/queue/hub -> /queue/c"}}, "next");
  start_here();
  publish(*there, "/queue/a", 1, 10);
  auto reader = third.connect();
  reader.subscribe("/queue/c");
  EXPECT_EQ(reader.bodies(10), numbers(1, 10));
}

TEST_F(BridgeForward, SendsAgainInOrderWhatWasNotConfirmed) {
  ScriptedServer server;
  bridge(server.address(), out);
  start_here();
  publish(*here, "/queue/orders", 1, 5);
  std::map<std::string, std::string> origins;
  {
    auto first = server.accept();
    first.welcome();
    for (int i = 1; i <= 5; ++i) {
      const auto sent = first.expect("SEND");
      EXPECT_EQ(sent.body, std::to_string(i));
      origins[sent.body] = sent.header("x-romp-origin-id");
      if (i <= 2) first.send("RECEIPT", {{"receipt-id", sent.header("receipt")}});
    }
    ASSERT_TRUE(eventually([&] { return here->counts("/queue/orders").in_flight == 3; }));
  }
  auto second = server.accept();
  second.welcome();
  for (int i = 3; i <= 5; ++i) {
    const auto sent = second.expect("SEND");
    EXPECT_EQ(sent.body, std::to_string(i));
    EXPECT_EQ(sent.header("x-romp-resent"), "true");
    EXPECT_EQ(sent.header("x-romp-origin-id"), origins[sent.body]);
    second.send("RECEIPT", {{"receipt-id", sent.header("receipt")}});
  }
  EXPECT_TRUE(is_empty(*here, "/queue/orders"));
  EXPECT_TRUE(counts("bridge_resent_total", 3));
}

TEST_F(BridgeForward, MarksWhatTheOtherSideBringsOnceMore) {
  ScriptedServer server;
  bridge(server.address(), in);
  start_here();
  auto reader = here->connect();
  reader.subscribe("/queue/local");
  for (const bool again : {false, true}) {
    auto peer = server.accept();
    peer.welcome();
    const auto subscribe = peer.expect("SUBSCRIBE");
    EXPECT_EQ(subscribe.header("ack"), "client-individual");
    peer.send("MESSAGE",
              {{"subscription", subscribe.header("id")}, {"message-id", "m1"}, {"ack", "a1"}}, "x");
    EXPECT_EQ(peer.expect("ACK").header("id"), "a1");
    EXPECT_EQ(reader.message().header("x-romp-resent"), again ? "true" : "");
  }
}

TEST_F(BridgeForward, SendsWhatIsRefusedToTheDeadLettersAndGoesOn) {
  ScriptedServer server;
  bridge(server.address(), out);
  start_here();
  publish(*here, "/queue/orders", 1, 2);
  {
    auto first = server.accept();
    first.welcome();
    const auto poison = first.expect("SEND");
    first.send("ERROR", {{"message", "no such queue"}, {"receipt-id", poison.header("receipt")}},
               "vhost is empty\nmore");
  }
  auto second = server.accept();
  second.welcome();
  const auto sent = second.expect("SEND");
  EXPECT_EQ(sent.body, "2");
  second.send("RECEIPT", {{"receipt-id", sent.header("receipt")}});
  EXPECT_TRUE(is_empty(*here, "/queue/orders"));
  auto reader = here->connect();
  reader.subscribe("/queue/dead-letter");
  const auto dead = reader.message();
  EXPECT_EQ(dead.body, "1");
  EXPECT_EQ(dead.header("dead-letter-from"), "/queue/orders");
  EXPECT_EQ(dead.header("dead-letter-reason"), "no such queue: vhost is empty");
  EXPECT_TRUE(counts("bridge_dead_total", 1));
}

TEST_F(BridgeForward, BlamesTheOldestMessageWhenAnErrorNamesNoneThreeTimes) {
  ScriptedServer server;
  bridge(server.address(), out);
  start_here();
  publish(*here, "/queue/orders", 1, 2);
  for (int i = 0; i < 3; ++i) {
    auto peer = server.accept();
    peer.welcome();
    EXPECT_EQ(peer.expect("SEND").body, "1");
    peer.send("ERROR", {{"message", "ouch"}});
    peer.socket().finish_writing();
    peer.expect_closed();
  }
  auto peer = server.accept();
  peer.welcome();
  EXPECT_EQ(peer.expect("SEND").body, "2");
}

TEST_F(BridgeForward, IsSeenOnTheStatisticsDestination) {
  start_there();
  Keys keys = out;
  keys["statistics_interval"] = "1s";
  bridge(address_there(), keys);
  start_here();
  auto reader = here->connect();
  reader.subscribe("/xtomp/stat");
  const auto report = reader.message();
  EXPECT_EQ(report.header("content-type"), "application/json");
  EXPECT_THAT(report.body, HasSubstr("\"name\":\"edge-1\""));
  EXPECT_THAT(report.body, HasSubstr("\"name\":\"out\""));
}

TEST_F(BridgeForward, TellsOfEachLineWhatTheOtherSideDoesNotHave) {
  ScriptedServer away;
  Keys keys = out;
  keys["in"] = in.at("in");
  keys["statistics_interval"] = "1s";
  bridge(away.address(), keys);
  start_here();
  auto reader = here->connect();
  reader.subscribe("/xtomp/stat");
  publish(*here, "/queue/orders", 1, 3);
  const std::string behind = R"("to":"/queue/taken","lag":3,"lag_seconds":)";
  std::string report;
  ASSERT_TRUE(eventually([&] {
    report = reader.message().body;
    return report.find(behind) != report.npos && report.find(behind + "0.0") == report.npos;
  }));
  EXPECT_THAT(report, HasSubstr(R"({"direction":"in","from":"/queue/prices","to":"/queue/local")"
                                R"(,"lag":0,"lag_seconds":0.)"));
  EXPECT_TRUE(counts("bridge_lag_messages", 3));
  EXPECT_EQ(metrics().find("bridge_lag_seconds{plugin=\"edge-1\"} 0\n"), std::string::npos);
}

TEST_F(BridgeForward, StillTellsTheLastErrorWhenItIsUpAgain) {
  ScriptedServer server;
  Keys keys = out;
  keys["statistics_interval"] = "1s";
  bridge(server.address(), keys);
  start_here();
  auto reader = here->connect();
  reader.subscribe("/xtomp/stat");
  auto first = server.accept();
  first.welcome();
  first.send("ERROR", {{"message", "the disk is full"}});
  first.socket().finish_writing();
  auto second = server.accept();
  second.welcome();
  ASSERT_TRUE(eventually([&] {
    const auto report = reader.message().body;
    return report.find(R"("up":true,"failures":1,"error":"the disk is full")") != report.npos;
  }));
}

TEST_F(BridgeForward, IsNotReadyWithoutAServerThatIsRequired) {
  start_there();
  const auto port = there->port();
  Keys keys = out;
  keys["required"] = "yes";
  bridge(address_there(), keys);
  there.reset();
  start_here();
  const auto ready = [&] { return support::http_get(here->port(), "/readyz").status; };
  EXPECT_EQ(ready(), 503);
  start_there(port);
  EXPECT_TRUE(eventually([&] { return ready() == 200; }));
  there.reset();
  EXPECT_TRUE(eventually([&] { return ready() == 503; }));
}

}  // namespace
}  // namespace romp::integration
