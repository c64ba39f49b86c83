// SPDX-License-Identifier: Apache-2.0
#include "integration/bridge_test.hpp"

namespace romp::integration {
namespace {

using support::Frame;
using support::ScriptedServer;
using support::ServedClient;

/// A line to a server that says it is romp, whose receipts speak for all before them.
class BridgeReceipts : public BridgeTest {
 protected:
  BridgeReceipts() {
    bridge(server.address(), {{"out", "/queue/orders -> /queue/taken"}, {"node", "me"}});
    start_here();
  }
  void publish(int from, int to) {
    for (int i = from; i <= to; ++i) writer().publish("/queue/orders", std::to_string(i));
  }
  support::StompClient& writer() {
    if (!writer_) writer_.emplace(here->connect());
    return *writer_;
  }
  /// When the bridge has that many messages to send, so that it knows which is the last.
  ServedClient accept(unsigned messages) {
    EXPECT_TRUE(eventually([&] { return here->counts("/queue/orders").in_flight == messages; }));
    auto client = server.accept();
    client.welcome({{"version", "1.2"}, {"server", "romp/1.0.0"}});
    return client;
  }
  static Frame expect_body(ServedClient& client, const std::string& body) {
    auto sent = client.expect("SEND");
    EXPECT_EQ(sent.body, body);
    return sent;
  }

  ScriptedServer server;

 private:
  std::optional<support::StompClient> writer_;
};

TEST_F(BridgeReceipts, OneOfRompSpeaksForAllMessagesBefore) {
  publish(1, 5);
  auto client = accept(5);
  for (int i = 1; i <= 4; ++i) {
    EXPECT_FALSE(expect_body(client, std::to_string(i)).has("receipt")) << i;
  }
  const auto last = expect_body(client, "5");
  client.send("RECEIPT", {{"receipt-id", last.header("receipt")}});
  EXPECT_TRUE(is_empty(*here, "/queue/orders"));
  EXPECT_TRUE(counts("bridge_sent_total", 5));
}

TEST_F(BridgeReceipts, AreAskedForAtLeastEverySixtyFourMessages) {
  publish(1, 130);
  auto client = accept(130);
  std::vector<int> asked;
  for (int i = 1; i <= 130; ++i) {
    if (expect_body(client, std::to_string(i)).has("receipt")) asked.push_back(i);
  }
  EXPECT_THAT(asked, testing::ElementsAre(64, 128, 130));
}

TEST_F(BridgeReceipts, AreAskedForAtLeastEverySixtyFourKibibytes) {
  for (int i = 1; i <= 3; ++i) writer().publish("/queue/orders", std::string(40'000, 'x'));
  auto client = accept(3);
  EXPECT_FALSE(client.expect("SEND").has("receipt"));
  EXPECT_TRUE(client.expect("SEND").has("receipt"));
  EXPECT_TRUE(client.expect("SEND").has("receipt"));
}

TEST_F(BridgeReceipts, AreAskedForEachMessageThatIsSentAgainSoThatAnErrorNamesIt) {
  publish(1, 3);
  {
    auto first = accept(3);
    for (int i = 1; i <= 3; ++i) expect_body(first, std::to_string(i));
    first.send("ERROR", {{"message", "one of them is no good"}});
  }
  {
    auto second = accept(3);
    for (int i = 1; i <= 3; ++i) {
      const auto sent = expect_body(second, std::to_string(i));
      EXPECT_EQ(sent.header("x-romp-resent"), "true");
      ASSERT_TRUE(sent.has("receipt"));
      if (i != 2) continue;
      second.send("ERROR", {{"message", "no good"}, {"receipt-id", sent.header("receipt")}});
    }
  }
  auto third = accept(1);
  third.send("RECEIPT", {{"receipt-id", expect_body(third, "3").header("receipt")}});
  EXPECT_TRUE(is_empty(*here, "/queue/orders"));
  auto reader = here->connect();
  reader.subscribe("/queue/dead-letter");
  EXPECT_EQ(reader.message().body, "2");
}

TEST_F(BridgeReceipts, AreAskedForByATransactionOfNothingWhereNoMessageFollows) {
  publish(1, 1);
  writer().publish("/queue/orders", "it has been here", {{"x-romp-via", "me"}});
  auto client = accept(2);
  EXPECT_FALSE(expect_body(client, "1").has("receipt"));
  const auto begin = client.expect("BEGIN");
  EXPECT_EQ(client.expect("ABORT").header("transaction"), begin.header("transaction"));
  client.send("RECEIPT", {{"receipt-id", begin.header("receipt")}});
  EXPECT_TRUE(is_empty(*here, "/queue/orders"));
  EXPECT_TRUE(counts("bridge_sent_total", 1));
  EXPECT_TRUE(counts("bridge_looped_total", 1));
}

}  // namespace
}  // namespace romp::integration
