// SPDX-License-Identifier: Apache-2.0
// STOMP 1.2, "Body", "Header content-length", "Size Limits".
#include "conformance/server_test.hpp"

namespace romp::conformance {
namespace {

using namespace std::string_literals;

class Bodies : public ServerTest {
 protected:
  Bodies() : c(connect()) { c.subscribe("/topic/a"); }

  /// The body that comes of a SEND with this rest of its headers and this body.
  std::string roundtrip(const std::string& headers, const std::string& body) {
    c.raw("SEND\ndestination:/topic/a\n" + headers + "\n" + body + "\0"s);
    return c.message().body;
  }

  StompClient c;
};

class IllegalLength : public ServerTest, public testing::WithParamInterface<std::string> {};

TEST_F(Bodies, MayHoldNulsWithinContentLength) {
  EXPECT_EQ(roundtrip("content-length:7\n", "a\0b\0\0c\n"s), "a\0b\0\0c\n"s);
}

TEST_F(Bodies, HaveALengthInOctets) {
  EXPECT_EQ(roundtrip("content-length:10\n", "zwölf €"), "zwölf €");
}

TEST_F(Bodies, EndAtTheFirstNulWithoutContentLength) {
  c.raw("SEND\ndestination:/topic/a\n\nfirst\0SEND\ndestination:/topic/a\n\nsecond\0"s);
  EXPECT_THAT(c.bodies(2), ElementsAre("first", "second"));
}

TEST_F(Bodies, MustBeFollowedByANul) {
  c.raw("SEND\ndestination:/topic/a\ncontent-length:3\n\nabcd\0"s);
  c.expect_error("bad body");
}

TEST_F(Bodies, MayNotBeShorterThanContentLengthSays) {
  c.raw("SEND\ndestination:/topic/a\ncontent-length:9\n\nabc\0SEND\nx:y\n\n\0"s);
  c.expect_error("bad body");
}

TEST_F(Bodies, ThatHoldWholeFramesStayBodies) {
  const std::string inner = "SEND\ndestination:/topic/a\n\nx\0DISCONNECT\n\n\0"s;
  EXPECT_EQ(roundtrip("content-length:" + std::to_string(inner.size()) + "\n", inner), inner);
}

TEST_F(Bodies, OfAnyOctetsPassUntouched) {
  std::string all;
  for (int octet = 0; octet < 256; ++octet) all += static_cast<char>(octet);
  EXPECT_EQ(roundtrip("content-length:256\n", all), all);
}

TEST_F(Bodies, MayBeLarge) {
  for (const std::size_t size : {65'535U, 65'536U, 262'143U, 1U << 20U, 5U << 20U}) {
    std::string body(size, 'x');
    for (std::size_t i = 0; i < size; i += 1000) body[i] = '\0';
    EXPECT_TRUE(roundtrip("content-length:" + std::to_string(size) + "\n", body) == body) << size;
  }
}

TEST_F(Bodies, MayBeLargeWithoutContentLength) {
  const std::string body(1U << 20U, 'x');
  EXPECT_TRUE(roundtrip("", body) == body);
}

TEST_F(Bodies, ThatAreEmptyArrive) {
  EXPECT_EQ(roundtrip("", ""), "");
  EXPECT_EQ(roundtrip("content-length:0\n", ""), "");
}

TEST_F(Bodies, AlwaysGoOutWithTheirLength) {
  c.raw("SEND\ndestination:/topic/a\n\nhello\0"s);
  EXPECT_EQ(c.message().header("content-length"), "5");
  c.raw("SEND\ndestination:/topic/a\n\n\0"s);
  EXPECT_EQ(c.message().header("content-length"), "0");
}

/// Ruby's stomp sends them on ACK. Whoever passes over them loses step with the client.
TEST_F(Bodies, AndLengthsMayStandOnEveryFrame) {
  c.raw("BEGIN\ntransaction:t\ncontent-length:5\ncontent-type:text/plain\n\na\0\0\0b\0"s);
  c.raw("ABORT\ntransaction:t\ncontent-length:0\n\n\0"s);
  c.raw("SUBSCRIBE\nid:q\ndestination:/queue/q\nack:client\ncontent-length:3\n\n\0\0\0\0"s);
  c.publish("/queue/q", "x");
  const std::string id = c.message().header("ack");
  c.raw("ACK\nid:" + id + "\ncontent-length:0\ncontent-type:text/plain\nreceipt:r\n\n\0"s);
  EXPECT_EQ(c.expect("RECEIPT").header("receipt-id"), "r");
  c.raw("UNSUBSCRIBE\nid:q\ncontent-length:2\n\n\0\0\0"s);
  c.raw("DISCONNECT\nreceipt:bye\ncontent-length:2\n\n\0\0\0"s);
  EXPECT_EQ(c.expect("RECEIPT").header("receipt-id"), "bye");
  c.expect_closed();
}

TEST_P(IllegalLength, IsAnErrorAtOnce) {
  auto c = connect();
  c.raw("SEND\ndestination:/queue/a\ncontent-length:" + GetParam() + "\n\nhello");
  c.expect_error();
}

INSTANTIATE_TEST_SUITE_P(Bodies, IllegalLength,
                         testing::Values("five", "-1", "+5", "0x5", "1e3", "5 ", " 5", "5,5", "",
                                         "99999999999999999999999", "4294967301",
                                         "18446744073709551621"));

TEST(BodyLimit, IsToldWhenTheLengthIsAnnounced) {
  auto settings = support::test_settings();
  settings.max_message_size = 1000;
  TestServer server(settings);
  auto fits = server.connect();
  fits.publish("/queue/a", std::string(1000, 'x'));
  auto exceeds = server.connect();
  exceeds.raw("SEND\ndestination:/queue/a\ncontent-length:1001\n\n");
  EXPECT_THAT(exceeds.expect_error("body too large").body, HasSubstr("1000"));
}

TEST(BodyLimit, IsToldWhenItIsReachedWithoutALength) {
  auto settings = support::test_settings();
  settings.max_message_size = 1000;
  TestServer server(settings);
  auto c = server.connect();
  c.raw("SEND\ndestination:/queue/a\n\n" + std::string(1001, 'x'));
  EXPECT_THAT(c.expect_error("body too large").body, HasSubstr("1000"));
}

}  // namespace
}  // namespace romp::conformance
