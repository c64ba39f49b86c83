// SPDX-License-Identifier: Apache-2.0
#include "net/first_bytes.hpp"

#include <gmock/gmock.h>

#include <string>

namespace romp::net {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

/// "STOMP", "HTTP", the name of what is foreign, or "?" where more octets are needed.
std::string judged(std::string_view octets) {
  const auto impression = judge_first_bytes(octets);
  if (!impression) return "?";
  if (impression->protocol == Protocol::stomp) return "STOMP";
  return std::string(impression->name);
}

TEST(FirstBytes, KnowStomp) {
  EXPECT_EQ(judged("CONNECT\naccept-version:1.2\n\n\0"sv), "STOMP");
  EXPECT_EQ(judged("CONNECT\r\n"), "STOMP");
  EXPECT_EQ(judged("STOMP\n"), "STOMP");
  EXPECT_EQ(judged("\n\r\n\nSTOMP\r\n"), "STOMP");
}

TEST(FirstBytes, KnowEveryMethodOfHttp) {
  for (const char* method :
       {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT"}) {
    EXPECT_EQ(judged(method + " /x"s), "HTTP") << method;
    EXPECT_EQ(judged("\r\n"s + method + " /"), "HTTP") << method;
  }
}

TEST(FirstBytes, TellConnectOfStompFromThatOfHttpByWhatFollows) {
  EXPECT_EQ(judged("CONNECT"), "?");
  EXPECT_EQ(judged("CONNECT "), "?");
  EXPECT_EQ(judged("CONNECT\n"), "STOMP");
  EXPECT_EQ(judged("CONNECT example.org:443 HTTP/1.1"), "HTTP");
  EXPECT_EQ(judged("CONNECT {\"verbose\":false}"), "NATS");
}

TEST(FirstBytes, NameWhatIsSpokenElsewhere) {
  EXPECT_EQ(judged("\x16\x03\x01\x02\x00"sv), "TLS");
  EXPECT_EQ(judged("AMQP\0\0\x09\x01"sv), "AMQP");
  EXPECT_EQ(judged("\x10\x0e\0\x04MQTT\x04"sv), "MQTT");
  EXPECT_EQ(judged("\x10\x80\x01\0\x04MQTT\x04"sv), "MQTT");
  EXPECT_EQ(judged("*1\r\n$4\r\nPING\r\n"), "Redis");
  EXPECT_EQ(judged("PING\r\n"), "Redis");
  EXPECT_EQ(judged("SSH-2.0-OpenSSH_9.2"), "SSH");
  EXPECT_EQ(judged("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), "HTTP/2");
  EXPECT_EQ(judged("\0\0\x01\x52\x01"
                   "ActiveMQ"sv),
            "OpenWire");
  EXPECT_EQ(judged("EHLO example.org"), "SMTP");
}

TEST(FirstBytes, WaitForMoreWhileTwoThingsArePossible) {
  EXPECT_EQ(judged(""), "?");
  EXPECT_EQ(judged("\n\r\n"), "?");
  EXPECT_EQ(judged("P"), "?");
  EXPECT_EQ(judged("PUT"), "?");
  EXPECT_EQ(judged("\x16"), "?");
}

TEST(FirstBytes, LeaveTheRestToTheParserOfStomp) {
  EXPECT_EQ(judged("SEND\n"), "STOMP");
  EXPECT_EQ(judged("get /"), "STOMP");
  EXPECT_EQ(judged("GETS"), "STOMP");
  EXPECT_EQ(judged("\xff\xfe"), "STOMP");
}

TEST(FirstBytes, AreDecidedAboutAfterOneKibibyte) {
  EXPECT_EQ(judged(std::string(enough_first_bytes - 1, '\n')), "?");
  EXPECT_EQ(judged(std::string(enough_first_bytes, '\n')), "STOMP");
}

TEST(FirstBytes, AreJudgedTheSameHoweverTheyArrive) {
  for (const auto whole :
       {"GET / HTTP/1.1"sv, "CONNECT\n"sv, "AMQP\0\0\x09\x01"sv, "STOMP\r\n"sv}) {
    std::string last = "?";
    for (std::size_t n = 0; n <= whole.size(); ++n) {
      const std::string now = judged(whole.substr(0, n));
      EXPECT_TRUE(last == "?" || now == last) << n << " octets of " << whole;
      last = now;
    }
    EXPECT_EQ(last, judged(whole));
  }
}

}  // namespace
}  // namespace romp::net
