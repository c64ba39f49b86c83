// SPDX-License-Identifier: Apache-2.0
#include "http/upgrade.hpp"

#include <gmock/gmock.h>

#include "unit/http/requests.hpp"

namespace romp::http {
namespace {

constexpr const char* key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

Message upgrade(const std::string& more, const std::string& method = "GET") {
  return parsed(method + " / HTTP/1.1\r\nHost: a\r\n" + more + "\r\n");
}

std::string why_not(const std::string& more, const std::string& method = "GET") {
  const auto refusal = refusal_of_websocket(upgrade(more, method));
  return refusal ? std::to_string(refusal->status) + " " + std::string(refusal->why) : "";
}

std::string chosen(const std::string& offers) {
  return std::string(choose_subprotocol(upgrade(offers)));
}

TEST(Upgrade, IsSeenByItsHeader) {
  EXPECT_TRUE(wants_websocket(upgrade("Upgrade: websocket\r\n")));
  EXPECT_TRUE(wants_websocket(upgrade("Upgrade: h2c, WebSocket\r\n")));
  EXPECT_FALSE(wants_websocket(upgrade("Upgrade: h2c\r\n")));
  EXPECT_FALSE(wants_websocket(upgrade("")));
}

TEST(Upgrade, WantsWhatRfc6455Asks) {
  const std::string rest = std::string("Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n");
  const std::string version = "Sec-WebSocket-Version: 13\r\n";
  EXPECT_EQ(why_not(rest + version + key), "");
  EXPECT_EQ(why_not(rest + version), "400 Sec-WebSocket-Key must be 16 octets in base64");
  EXPECT_EQ(why_not(rest + version + "Sec-WebSocket-Key: short\r\n"),
            "400 Sec-WebSocket-Key must be 16 octets in base64");
  EXPECT_EQ(why_not(rest + version + key + key),
            "400 Sec-WebSocket-Key must be 16 octets in base64");
  EXPECT_EQ(why_not(rest + "Sec-WebSocket-Version: 8\r\n" + key),
            "426 the only Sec-WebSocket-Version is 13");
  EXPECT_EQ(why_not(version + key), "400 Connection must say Upgrade");
  EXPECT_EQ(why_not(rest + version + key, "POST"), "400 a WebSocket begins with GET of HTTP/1.1");
}

TEST(Upgrade, ChoosesTheBestSubprotocolThatIsOffered) {
  EXPECT_EQ(chosen("Sec-WebSocket-Protocol: v10.stomp, v11.stomp, v12.stomp\r\n"), "v12.stomp");
  EXPECT_EQ(chosen("Sec-WebSocket-Protocol: v11.stomp,v10.stomp\r\n"), "v11.stomp");
  EXPECT_EQ(chosen("Sec-WebSocket-Protocol: v10.stomp\r\nSec-WebSocket-Protocol: v11.stomp\r\n"),
            "v11.stomp");
  EXPECT_EQ(chosen("Sec-WebSocket-Protocol: stomp\r\n"), "stomp");
}

TEST(Upgrade, ChoosesNothingThatIsNotOffered) {
  EXPECT_EQ(chosen(""), "");
  EXPECT_EQ(chosen("Sec-WebSocket-Protocol: mqtt\r\n"), "");
  EXPECT_EQ(chosen("Sec-WebSocket-Protocol: v12.stompx, xv12.stomp\r\n"), "");
}

}  // namespace
}  // namespace romp::http
