// SPDX-License-Identifier: Apache-2.0
// STOMP 1.2 and 1.1, "Value Encoding"; 1.0 has no escapes.
#include "conformance/server_test.hpp"

namespace romp::conformance {
namespace {

using namespace std::string_literals;
using Escapes = ServerTest;

class SpellingOfEveryVersion : public EveryVersion {};
class EscapesSinceOneDotOne : public EveryVersion {};

struct Pair {
  std::string sender;
  std::string receiver;
};

class BetweenVersions : public ServerTest, public testing::WithParamInterface<Pair> {
 protected:
  /// A message with a header that the sender's version can express, as the receiver sees it.
  Frame pass(const std::string& name, const std::string& value) {
    auto receiver = connect(GetParam().receiver);
    auto sender = connect(GetParam().sender);
    receiver.subscribe("/topic/a");
    sender.publish("/topic/a", "body", {{name, value}});
    return receiver.message();
  }
  bool to_one_dot_zero() const { return GetParam().receiver == "1.0"; }
};

/// A line feed can be said since 1.1, a carriage return since 1.2.
class LineFeedBetweenVersions : public BetweenVersions {};
class CarriageReturnBetweenVersions : public BetweenVersions {};

std::string pair_name(const testing::TestParamInfo<Pair>& pair) {
  return "from_1_" + pair.param.sender.substr(2) + "_to_1_" + pair.param.receiver.substr(2);
}

std::vector<Pair> pairs_from(const std::vector<std::string>& senders) {
  std::vector<Pair> pairs;
  for (const auto& sender : senders) {
    for (const std::string receiver : {"1.0", "1.1", "1.2"}) pairs.push_back({sender, receiver});
  }
  return pairs;
}

INSTANTIATE_TEST_SUITE_P(Escapes, BetweenVersions,
                         testing::ValuesIn(pairs_from({"1.0", "1.1", "1.2"})), pair_name);
INSTANTIATE_TEST_SUITE_P(Escapes, LineFeedBetweenVersions,
                         testing::ValuesIn(pairs_from({"1.1", "1.2"})), pair_name);
INSTANTIATE_TEST_SUITE_P(Escapes, CarriageReturnBetweenVersions,
                         testing::ValuesIn(pairs_from({"1.2"})), pair_name);

TEST_P(BetweenVersions, ABackslashStaysABackslash) {
  EXPECT_EQ(pass("k", R"(C:\new\\c)").header("k"), R"(C:\new\\c)");
}

TEST_P(BetweenVersions, AColonStaysAColon) { EXPECT_EQ(pass("k", "a:b::c").header("k"), "a:b::c"); }

/// 1.0 has no way to say it, so its subscribers see the letters that the others are sent.
TEST_P(LineFeedBetweenVersions, NeverMakesAHeader) {
  const Frame message = pass("k", "v\ninjected:yes\n\nbody");
  EXPECT_EQ(message.header("k"),
            to_one_dot_zero() ? R"(v\ninjected:yes\n\nbody)" : "v\ninjected:yes\n\nbody");
  EXPECT_FALSE(message.has("injected"));
  EXPECT_EQ(message.body, "body");
}

TEST_P(LineFeedBetweenVersions, InANameNeverMakesAHeader) {
  const Frame message = pass("k\ninjected", "v");
  EXPECT_FALSE(message.has("injected"));
  EXPECT_EQ(message.body, "body");
}

TEST_P(CarriageReturnBetweenVersions, NeverEndsALine) {
  const Frame message = pass("k", "a\rb");
  EXPECT_EQ(message.header("k"), to_one_dot_zero() ? R"(a\rb)" : "a\rb");
  EXPECT_EQ(message.body, "body");
}

INSTANTIATE_TEST_SUITE_P(Escapes, EscapesSinceOneDotOne, newer_versions, version_name);

TEST_P(EscapesSinceOneDotOne, DecodeInOnePass) {
  auto c = connect();
  c.subscribe("/topic/a");
  c.raw("SEND\ndestination:/topic/a\nk:\\\\n\\\\\\n\\\\c\n\n\0"s);
  EXPECT_EQ(c.message().header("k"), "\\n\\\n\\c");
}

TEST_P(EscapesSinceOneDotOne, DecodeNamesToo) {
  auto c = connect();
  c.subscribe("/topic/a");
  c.raw("SEND\ndestination:/topic/a\na\\cb\\\\:v\n\n\0"s);
  EXPECT_EQ(c.message().header("a:b\\"), "v");
}

TEST_P(EscapesSinceOneDotOne, RefuseEscapesThatDoNotExist) {
  for (const std::string value : {R"(a\tb)", R"(a\)", R"(\x)", R"(\N)"}) {
    auto c = connect();
    c.raw("SEND\ndestination:/queue/a\nk:" + value + "\n\n\0"s);
    c.expect_error("bad escape");
  }
}

TEST_F(Escapes, OfACarriageReturnExistSinceOneDotTwo) {
  auto older = connect("1.1");
  older.raw("SEND\ndestination:/queue/a\nk:a\\rb\n\n\0"s);
  older.expect_error("bad escape");
  auto newer = connect("1.2");
  newer.subscribe("/topic/a");
  newer.raw("SEND\ndestination:/topic/a\nk:a\\rb\n\n\0"s);
  EXPECT_EQ(newer.message().header("k"), "a\rb");
}

TEST_F(Escapes, DoNotExistInOneDotZero) {
  auto c = connect("1.0");
  c.subscribe("/topic/a");
  c.raw("SEND\ndestination:/topic/a\nk:C\\new\\t\\\n\n\0"s);
  EXPECT_EQ(c.message().header("k"), R"(C\new\t\)");
}

INSTANTIATE_TEST_SUITE_P(Escapes, SpellingOfEveryVersion, every_version, version_name);

TEST_P(SpellingOfEveryVersion, CountsInReceiptsToo) {
  auto c = connect();
  c.send("SEND", {{"destination", "/queue/a"}, {"receipt", R"(r:1\n)"}});
  EXPECT_EQ(c.expect("RECEIPT").header("receipt-id"), R"(r:1\n)");
}

TEST_P(SpellingOfEveryVersion, CountsInTransactionsToo) {
  auto c = connect();
  c.begin(R"(t:1\n)");
  c.publish("/queue/a", "x", {{"transaction", R"(t:1\n)"}});
  c.commit(R"(t:1\n)");
  c.subscribe("/queue/a");
  EXPECT_EQ(c.message().body, "x");
}

/// The subscription's id stands in MESSAGE, and must come back in ACK and UNSUBSCRIBE.
TEST_P(SpellingOfEveryVersion, CountsInSubscriptionIdsToo) {
  auto c = connect();
  const Headers mode{{"id", R"(s:1\n)"}, {"ack", "client-individual"}};
  c.subscribe("/queue/a", mode);
  c.publish("/queue/a", "x");
  const Frame message = c.message();
  EXPECT_EQ(message.header("subscription"), R"(s:1\n)");
  c.ack(message);
  c.unsubscribe(R"(s:1\n)");
  EXPECT_EQ(server.counts("/queue/a").waiting, 0U);
}

TEST_P(SpellingOfEveryVersion, CountsInDestinationsToo) {
  auto c = connect();
  c.subscribe(R"(/topic/a:b\c)");
  c.publish(R"(/topic/a:b\c)", "x");
  EXPECT_EQ(c.message().header("destination"), R"(/topic/a:b\c)");
}

}  // namespace
}  // namespace romp::conformance
