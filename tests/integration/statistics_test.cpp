// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "integration/server_test.hpp"

namespace romp::integration {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

class Statistics : public ServerTest {
 protected:
  Statistics() {
    settings.stats_interval = 50ms;
    auto queue = queue_named("orders");
    queue.stats = true;
    settings.destinations.push_back(queue);
  }

  /// The next report that has this key; those before are passed over.
  static json next(StompClient& c, const std::string& key) {
    while (true) {
      const Frame message = c.message();
      EXPECT_EQ(message.header("destination"), "/xtomp/stat");
      EXPECT_EQ(message.header("content-type"), "application/json");
      auto report = json::parse(message.body);
      if (report.contains(key)) return key == "cc" ? report["cc"] : report;
    }
  }
};

TEST_F(Statistics, TellConnectionsAndMessagesOfTheServer) {
  start();
  auto c = connect();
  auto gone = connect();
  for (int i = 0; i < 5; ++i) c.publish("orders", "x");
  gone.complete("DISCONNECT");
  gone.expect_closed();
  gone.socket().close();
  ASSERT_TRUE(eventually([&] { return server->connections() == 1; }));
  c.subscribe("/xtomp/stat");
  const json cc = next(c, "cc");
  EXPECT_EQ(cc["sz"], 1);
  EXPECT_EQ(cc["Σ"], 2);
  EXPECT_EQ(cc["Σµ"], 5);
  EXPECT_EQ(cc["m"], 0);
  EXPECT_TRUE(cc["up"].is_number());
}

TEST_F(Statistics, TellHowADestinationIs) {
  start();
  auto c = connect();
  c.subscribe("/xtomp/stat");
  next(c, "dest");
  for (int i = 0; i < 3; ++i) c.publish("orders", "x");
  json report;
  do {
    report = next(c, "dest");
  } while (report["Σ"] != 3);
  EXPECT_EQ(report["dest"], "orders");
  EXPECT_EQ(report["sz"], 0);
  EXPECT_EQ(report["q"], 3);
  EXPECT_EQ(next(c, "dest")["Δ"], 0) << "nothing since the last report";
}

TEST_F(Statistics, LeaveOutDestinationsThatDoNotAskForIt) {
  start();
  auto c = connect();
  c.publish("/queue/quiet", "x");
  c.subscribe("/xtomp/stat");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(next(c, "dest")["dest"], "orders");
}

TEST_F(Statistics, CannotBeForged) {
  start();
  auto c = connect();
  c.send("SEND", {{"destination", "/xtomp/stat"}}, "{}");
  c.expect_error("blocked");
}

TEST_F(Statistics, CountWhatTransactionsSendOnceTheyCommit) {
  start();
  auto c = connect();
  for (const std::string name : {"aborted", "committed"}) {
    c.begin(name);
    c.publish("orders", "x", {{"transaction", name}});
  }
  c.abort("aborted");
  c.commit("committed");
  c.subscribe("/xtomp/stat");
  EXPECT_EQ(next(c, "cc")["Σµ"], 1);
}

/// A message that waited for room is one message.
TEST_F(Statistics, CountAMessageThatHadToWaitOnce) {
  auto queue = queue_named("/queue/small");
  queue.max_messages = 1;
  start(queue);
  auto c = connect();
  auto producer = connect();
  producer.publish("/queue/small", "1");
  producer.send("SEND", {{"destination", "/queue/small"}, {"receipt", "r"}}, "2");
  c.subscribe("/queue/small");
  producer.expect("RECEIPT");
  EXPECT_THAT(c.bodies(2), ElementsAre("1", "2"));
  c.subscribe("/xtomp/stat");
  EXPECT_EQ(next(c, "cc")["Σµ"], 2);
}

}  // namespace
}  // namespace romp::integration
