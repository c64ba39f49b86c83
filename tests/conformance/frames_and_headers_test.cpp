// SPDX-License-Identifier: Apache-2.0
// STOMP 1.2, "STOMP Frames", "Repeated Header Entries", "Augmented BNF". What only the parser can
// show (every split of every frame) is tested in unit/stomp.
#include "conformance/server_test.hpp"

namespace romp::conformance {
namespace {

using namespace std::string_literals;
using Frames = ServerTest;
using HeaderLines = ServerTest;

class FrameOfEveryVersion : public EveryVersion {};
class HeadersSinceOneDotOne : public EveryVersion {};
class BadHeaderLine : public ServerTest, public testing::WithParamInterface<std::string> {};
class BadCommand : public ServerTest, public testing::WithParamInterface<std::string> {};

INSTANTIATE_TEST_SUITE_P(Frames, FrameOfEveryVersion, every_version, version_name);
INSTANTIATE_TEST_SUITE_P(Frames, HeadersSinceOneDotOne, newer_versions, version_name);

/// What a subscriber gets of this header block.
Frame roundtrip(StompClient& c, const std::string& headers) {
  const std::string id = c.subscribe("/topic/headers");
  c.raw("SEND\ndestination:/topic/headers\n" + headers + "\n\n\0"s);
  Frame message = c.message();
  c.unsubscribe(id);
  return message;
}

TEST_P(HeadersSinceOneDotOne, NeverTrimOrPadHeaders) {
  auto c = connect();
  const Frame message = roundtrip(c, "k: v \n name :x");
  EXPECT_EQ(message.header("k"), " v ");
  EXPECT_EQ(message.header(" name "), "x");
}

/// The examples of the 1.0 specification have a space there.
TEST_F(HeaderLines, OfOneDotZeroMayBePadded) {
  auto c = connect("1.0");
  EXPECT_EQ(roundtrip(c, "k: v ").header("k"), "v");
  c.raw("SUBSCRIBE\ndestination: /topic/padded\n\n\0SEND\ndestination: /topic/padded\n\nx\0"s);
  EXPECT_EQ(c.message().header("destination"), "/topic/padded");
}

TEST_P(FrameOfEveryVersion, TakesTheFirstOfRepeatedHeaders) {
  auto c = connect();
  EXPECT_EQ(roundtrip(c, "k:first\nk:second").header("k"), "first");
  c.subscribe("/topic/first");
  c.raw(
      "SEND\ndestination:/topic/first\ndestination:/topic/second\ncontent-length:5\n"
      "content-length:3\nreceipt:r1\nreceipt:r2\n\nhello\0"s);
  EXPECT_EQ(c.message().body, "hello");
  EXPECT_EQ(c.expect("RECEIPT").header("receipt-id"), "r1");
}

TEST_F(HeaderLines, AreCaseSensitive) {
  auto c = connect();
  c.send("SEND", {{"Destination", "/queue/a"}}, "x");
  c.expect_error("destination missing");
}

TEST_F(HeaderLines, MayHaveAnEmptyValue) {
  auto c = connect();
  const Frame message = roundtrip(c, "empty:");
  EXPECT_TRUE(message.has("empty"));
  EXPECT_EQ(message.header("empty"), "");
}

TEST_F(HeaderLines, MayHoldAnyUtf8) {
  auto c = connect();
  EXPECT_EQ(roundtrip(c, "größe:zwölf €uro 🚀").header("größe"), "zwölf €uro 🚀");
}

/// The first colon splits. The grammar of 1.2 forbids another, so none is sent on.
TEST_P(HeadersSinceOneDotOne, AcceptARawColonInAValueAndSendNone) {
  auto c = connect();
  c.subscribe("/topic/a");
  c.raw("SEND\ndestination:/topic/a\nk:a:b\n\nx\0"s);
  EXPECT_THAT(c.octets_of_frame(), HasSubstr("\nk:a\\cb\n"));
}

TEST_P(BadHeaderLine, IsAnError) {
  auto c = connect("1.2");
  c.raw("SEND\ndestination:/queue/a\n" + GetParam() + "\n\nx\0"s);
  c.expect_error("bad header");
}

INSTANTIATE_TEST_SUITE_P(HeaderLines, BadHeaderLine,
                         testing::Values("no colon", ":no name", "k:lone\rreturn", "k:nul\0inside"s,
                                         "k:\xff\xfe", "k:\xc0\xaf", "k:\xed\xa0\x80"));

TEST_P(BadCommand, IsAnError) {
  auto c = connect();
  c.raw(GetParam() + "\ndestination:/queue/a\n\nx\0"s);
  c.expect_error();
}

INSTANTIATE_TEST_SUITE_P(Frames, BadCommand,
                         testing::Values("send", "Send", "SENDER", "SEN", "SUB", "UNSUB", "SEND ",
                                         " SEND", "FOO", "MESSAGE", "RECEIPT", "CONNECTED",
                                         "ERROR"));

TEST_P(FrameOfEveryVersion, MayEndLinesWithCarriageReturns) {
  auto c = connect();
  c.raw("SUBSCRIBE\r\nid:1\r\ndestination:/topic/crlf\n\r\n\0"s);
  c.raw("SEND\r\ndestination:/topic/crlf\r\nk:v\n\r\n\r\nbody\r\n\0"s);
  const Frame message = c.message();
  EXPECT_EQ(message.header("k"), "v");
  EXPECT_EQ(message.body, "\r\nbody\r\n");
}

TEST_F(Frames, MayArriveInPiecesOfOneOctet) {
  auto c = connect();
  c.subscribe("/topic/a");
  const std::string frame =
      "\r\nSEND\r\ndestination:/topic/a\r\nk:a\\nb\r\ncontent-length:3\r\n\r\na\0b\0\r\n"s;
  for (const char octet : frame) c.raw({&octet, 1});
  const Frame message = c.message();
  EXPECT_EQ(message.body, "a\0b"s);
  EXPECT_EQ(message.header("k"), "a\nb");
}

TEST_F(Frames, MayArriveTenThousandAtOnce) {
  constexpr std::size_t count = 10'000;
  auto c = connect();
  c.subscribe("/topic/a");
  std::string burst;
  std::vector<std::string> sent;
  for (std::size_t i = 0; i < count; ++i) {
    sent.push_back(std::to_string(i));
    burst += "SEND\ndestination:/topic/a\n\n" + sent.back() + "\0"s;
  }
  c.raw(burst);
  EXPECT_EQ(c.bodies(count), sent);
}

TEST_F(Frames, MayHaveAnyNumberOfLineEndsBetweenThem) {
  auto c = connect();
  c.subscribe("/topic/a");
  const std::string frame = "SEND\ndestination:/topic/a\n\nx\0"s;
  c.raw("\n\n\r\n" + frame + "\n\n\r\n\n" + frame + frame + "\r\n");
  EXPECT_THAT(c.bodies(3), ElementsAre("x", "x", "x"));
}

TEST_F(Frames, KeepTheLineEndsOfTheirBodies) {
  auto c = connect();
  c.subscribe("/topic/a");
  c.raw("SEND\ndestination:/topic/a\n\n\n\r\nx\r\n\n\0"s);
  EXPECT_EQ(c.message().body, "\n\r\nx\r\n\n");
}

TEST_F(Frames, CarryTheHeadersOfSendToTheSubscriber) {
  auto c = connect();
  c.subscribe("/topic/a");
  c.publish("/topic/a", "x",
            {{"content-type", "text/plain"}, {"priority", "4"}, {"correlation-id", "c"}});
  const Frame message = c.message();
  EXPECT_EQ(message.header("content-type"), "text/plain");
  EXPECT_EQ(message.header("priority"), "4");
  EXPECT_EQ(message.header("correlation-id"), "c");
}

/// A subscriber that took the sender's for its own would acknowledge what nobody gave it.
TEST_F(Frames, DoNotCarryWhatConcernsTheSenderAlone) {
  auto c = connect();
  c.subscribe("/topic/a", {{"id", "mine"}});
  c.send("SEND", {{"destination", "/topic/a"},
                  {"receipt", "r"},
                  {"ack", "forged"},
                  {"message-id", "forged"},
                  {"subscription", "forged"},
                  {"redelivered", "true"}});
  const Frame message = c.message();
  EXPECT_FALSE(message.has("receipt"));
  EXPECT_FALSE(message.has("ack"));
  EXPECT_FALSE(message.has("redelivered"));
  EXPECT_EQ(message.header("subscription"), "mine");
  EXPECT_NE(message.header("message-id"), "forged");
}

TEST_F(Frames, OfSendNeedADestination) {
  auto c = connect();
  c.send("SEND", {}, "x");
  c.expect_error("destination missing");
}

}  // namespace
}  // namespace romp::conformance
