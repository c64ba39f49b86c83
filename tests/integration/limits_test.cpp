// SPDX-License-Identifier: Apache-2.0
// What a client may not take too much of, and bytes that are no STOMP at all.
#include "integration/server_test.hpp"

namespace romp::integration {
namespace {

using namespace std::string_literals;

class FrameLimits : public ServerTest {
 protected:
  FrameLimits() { start(); }
};

using EarlyLimits = FrameLimits;
using SessionLimits = ServerTest;
class OtherProtocol : public ServerTest, public testing::WithParamInterface<std::string> {};

TEST_F(FrameLimits, BoundTheNumberOfHeaders) {
  auto c = connect();
  std::string headers;
  for (int i = 0; i < 63; ++i) headers += "h" + std::to_string(i) + ":v\n";
  c.raw("SEND\ndestination:/queue/a\n" + headers + "\nx\0"s);
  c.nothing_came();
  c.raw("SEND\ndestination:/queue/a\n" + headers + "one:more\n\nx\0"s);
  EXPECT_THAT(c.expect_error("too many headers").body, HasSubstr("64"));
}

TEST_F(FrameLimits, BoundTheLengthOfAHeaderLine) {
  auto c = connect();
  c.publish("/queue/a", "x", {{"k", std::string(8190, 'v')}});
  c.send("SEND", {{"destination", "/queue/a"}, {"k", std::string(8191, 'v')}}, "x");
  EXPECT_THAT(c.expect_error("header too long").body, HasSubstr("8192"));
}

/// Nobody waits for the end of what is too long already.
TEST_F(FrameLimits, AreSeenBeforeTheLineOrTheHeadersEnd) {
  auto c = connect();
  c.raw("SEND\nk:" + std::string(10'000, 'v'));
  c.expect_error("header too long");
  auto many = connect();
  std::string headers;
  for (int i = 0; i < 100'000; ++i) headers += "a:\n";
  many.raw("SEND\n" + headers);
  many.expect_error("too many headers");
  auto word = connect();
  word.raw(std::string(100, 'A'));
  word.expect_error("bad command");
}

TEST_F(FrameLimits, RefuseATooLargeBodyWithoutWaitingForIt) {
  auto c = connect();
  c.raw("SEND\ndestination:/queue/a\ncontent-length:4294967295\n\n0123456789");
  c.expect_error("body too large");
}

TEST_F(FrameLimits, BearAMillionLineEnds) {
  auto c = connect();
  c.raw(std::string(1'000'000, '\n'));
  c.nothing_came();
}

TEST_F(EarlyLimits, AllowEightKilobytesBeforeConnected) {
  auto c = server->client();
  c.raw("CONNECT\naccept-version:1.2\nhost:h\nx:" + std::string(8000, 'x') + "\n\n\0"s);
  c.expect("CONNECTED");
}

TEST_F(EarlyLimits, RefuseMoreBeforeConnected) {
  const std::string line = "x:" + std::string(4000, 'x') + "\n";
  for (const std::string& rest :
       {line + line + line, "\n" + std::string(9000, 'x'), "content-length:9000\n\n"s}) {
    auto c = server->client();
    c.raw("CONNECT\n" + rest);
    c.expect_error();
  }
}

TEST_F(SessionLimits, BoundSubscriptions) {
  settings.max_subs = 3;
  start();
  auto c = connect();
  for (int i = 0; i < 3; ++i) c.subscribe("/topic/" + std::to_string(i));
  c.send("SUBSCRIBE", {{"destination", "/topic/x"}, {"id", "x"}});
  EXPECT_THAT(c.expect_error("too many subscriptions").body, HasSubstr("3"));
}

TEST_F(SessionLimits, AllowAThousandSubscriptionsByDefault) {
  start();
  auto c = connect();
  for (int i = 0; i < 1024; ++i) {
    c.send("SUBSCRIBE", {{"destination", "/topic/a"}, {"id", std::to_string(i)}});
  }
  c.nothing_came();
  c.send("SUBSCRIBE", {{"destination", "/topic/a"}, {"id", "x"}});
  c.expect_error("too many subscriptions");
}

TEST_P(OtherProtocol, IsShownTheDoor) {
  start();
  auto c = server->client();
  c.raw(GetParam());
  c.expect_closed();
  connect().nothing_came();
}

INSTANTIATE_TEST_SUITE_P(
    Limits, OtherProtocol,
    testing::Values("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03random"s,  // TLS
                    "AMQP\0\0\x09\x01"s,                                    // AMQP
                    "\0\0\0\xf0\x01"s
                    "ActiveMQ\0\0\0\x0c"s,                    // OpenWire
                    "*1\r\n$4\r\nPING\r\n",                   // Redis
                    "\x10\x0c\0\x04MQTT\x04\x02\0\x3c\0\0"s,  // MQTT
                    "SSH-2.0-OpenSSH_9.2\r\n",                // SSH
                    "EHLO example.org\r\n"));                 // SMTP

}  // namespace
}  // namespace romp::integration
