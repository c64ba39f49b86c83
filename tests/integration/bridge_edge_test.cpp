// SPDX-License-Identifier: Apache-2.0
#include "integration/bridge_test.hpp"

namespace romp::integration {
namespace {

using support::ScriptedServer;
using testing::MatchesRegex;

/// Edge and upstream, with a plugin there that answers.
class BridgeEdge : public BridgeTest {
 protected:
  BridgeEdge() {
    auto up = topic_named("memtop/up");
    auto answers = topic_named("memtop");
    there_settings.destinations = {up, answers};
  }

  void start(const Keys& more = {}, const std::string& address = {}) {
    if (address.empty()) start_there();
    Keys keys = more;
    keys.emplace("destinations", "memtop/up");
    bridge(address.empty() ? address_there() : address, keys);
    install("test-plugins/answers.so");
    config::PluginSettings section;
    section.name = "answers";
    here_settings.plugins.push_back(section);
    start_here();
    if (address.empty()) {
      ASSERT_TRUE(eventually([&] { return there->counts("memtop/up").subscriptions == 1; }));
    }
  }
  /// A client of the edge that listens for its own answers.
  StompClient edge_client(const std::string& key) {
    auto client = there->connect();
    client.subscribe("memtop", {{"selector", "to = '" + key + "'"}});
    return client;
  }
  static void ask(StompClient& client, const std::string& key, const std::string& body,
                  const std::string& correlation = "c1") {
    client.publish("memtop/up", body, {{"reply-to", key}, {"correlation-id", correlation}});
  }
};

TEST_F(BridgeEdge, AnswersAClientOfTheEdge) {
  start();
  auto client = edge_client("K1");
  ask(client, "K1", "hello");
  const auto answer = client.message();
  EXPECT_EQ(answer.body, "you said hello, number 1");
  EXPECT_EQ(answer.header("to"), "K1");
  EXPECT_EQ(answer.header("correlation-id"), "c1");
  EXPECT_TRUE(counts("bridge_answers_total", 1));
}

TEST_F(BridgeEdge, ShowsFiltersWhoseFrameItIs) {
  start();
  auto client = edge_client("K1");
  ask(client, "K1", "whoami");
  EXPECT_THAT(client.message().body, MatchesRegex("downstream edge-1 edge-1 [^ ]+"));
}

TEST_F(BridgeEdge, GivesEachOfFiftyClientsItsOwnAnswersOnly) {
  start();
  std::vector<StompClient> clients;
  const auto key = [](std::size_t i) { return "K" + std::to_string(100 + i); };
  for (std::size_t i = 0; i < 50; ++i) clients.push_back(edge_client(key(i)));
  for (int round = 1; round <= 3; ++round) {
    for (std::size_t i = 0; i < 50; ++i) ask(clients[i], key(i), key(i), std::to_string(round));
  }
  for (std::size_t i = 0; i < 50; ++i) {
    for (int round = 1; round <= 3; ++round) {
      const auto answer = clients[i].message();
      EXPECT_EQ(answer.body, "you said " + key(i) + ", number " + std::to_string(round));
      EXPECT_EQ(answer.header("correlation-id"), std::to_string(round));
    }
    clients[i].nothing_came();
  }
  EXPECT_TRUE(counts("bridge_answers_total", 150));
}

TEST_F(BridgeEdge, IsNotBoundByTheLimitsOfOneUser) {
  here_settings.user_sessions = 1;
  start();
  for (const std::string key : {"K1", "K2"}) {
    auto client = edge_client(key);
    ask(client, key, "hello");
    EXPECT_EQ(client.message().body, "you said hello, number 1");
  }
}

TEST_F(BridgeEdge, WaitsForAFilterThatDefersAndAnswersOthersMeanwhile) {
  start();
  auto slow = edge_client("K1");
  auto quick = edge_client("K2");
  ask(slow, "K1", "later");
  ask(slow, "K1", "second", "c2");
  ask(quick, "K2", "first");
  EXPECT_EQ(quick.message().body, "you said first, number 1");
  EXPECT_EQ(slow.message().body, "at last");
  EXPECT_EQ(slow.message().body, "you said second, number 1");
}

TEST_F(BridgeEdge, TellsTheClientWhyItWasRejected) {
  start();
  auto client = edge_client("K1");
  ask(client, "K1", "reject", "c7");
  const auto answer = client.message();
  EXPECT_EQ(answer.header("error"), "not today");
  EXPECT_EQ(answer.header("correlation-id"), "c7");
}

TEST_F(BridgeEdge, CountsWhatNobodyAnswersAndTellsTheClient) {
  start();
  auto client = edge_client("K1");
  ask(client, "K1", "leave");
  EXPECT_EQ(client.message().header("error"), "nobody here answers memtop/up");
  EXPECT_TRUE(counts("bridge_unanswered_total", 1));
}

TEST_F(BridgeEdge, LeavesWhatNobodyAnswersToALocalDestination) {
  start({{"local_destinations", "/queue/requests"}});
  auto client = edge_client("K1");
  ask(client, "K1", "leave");
  auto reader = here->connect();
  reader.subscribe("/queue/requests");
  const auto message = reader.message();
  EXPECT_EQ(message.body, "leave");
  EXPECT_EQ(message.header("edge"), "edge-1");
}

TEST_F(BridgeEdge, IsNotTakenInByAClientOfItsOwnThatSpeaksOfAnEdge) {
  start();
  auto client = here->connect();
  client.send("SEND", {{"destination", "memtop/up"}, {"edge", "edge-1"}, {"receipt", "r"}},
              "leave");
  EXPECT_EQ(client.expect("ERROR").header("message"), "destination unknown");
}

TEST_F(BridgeEdge, SendsAnswersAgainThatTheEdgeHasNotConfirmed) {
  ScriptedServer edge;
  start({}, edge.address());
  {
    auto first = edge.accept();
    first.welcome();
    const auto subscribe = first.expect("SUBSCRIBE");
    EXPECT_EQ(subscribe.header("destination"), "memtop/up");
    first.send("RECEIPT", {{"receipt-id", subscribe.header("receipt")}});
    first.send("MESSAGE",
               {{"subscription", "1"},
                {"message-id", "0"},
                {"destination", "memtop/up"},
                {"reply-to", "K1"}},
               "hello");
    EXPECT_EQ(first.expect("SEND").body, "you said hello, number 1");
  }
  auto second = edge.accept();
  second.welcome();
  second.expect("SUBSCRIBE");
  const auto again = second.expect("SEND");
  EXPECT_EQ(again.body, "you said hello, number 1");
  EXPECT_EQ(again.header("to"), "K1");
  EXPECT_EQ(again.header("destination"), "memtop");
}

}  // namespace
}  // namespace romp::integration
