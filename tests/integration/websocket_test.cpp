// SPDX-License-Identifier: Apache-2.0
#include "integration/server_test.hpp"
#include "support/web_socket_client.hpp"

namespace romp::integration {
namespace {

using namespace std::string_literals;
using support::WebSocketClient;
using Shape = WebSocketClient::Shape;

class WebSocket : public ServerTest {
 protected:
  WebSocketClient open(std::string_view protocols = "v12.stomp", const Headers& more = {}) const {
    return WebSocketClient(server->port(), protocols, more);
  }
  WebSocketClient connected() const {
    auto socket = open();
    socket.connect();
    return socket;
  }
  static std::string encoded(const Frame& frame) { return support::encode(frame, "1.2"); }
};

TEST_F(WebSocket, SpeaksTheBestSubprotocolThatIsOffered) {
  start();
  EXPECT_EQ(open("v10.stomp, v12.stomp").handshake().header("sec-websocket-protocol"), "v12.stomp");
  EXPECT_EQ(open("stomp").handshake().header("sec-websocket-protocol"), "stomp");
  EXPECT_EQ(open("mqtt").handshake().count("sec-websocket-protocol"), 0U);
  EXPECT_EQ(open("").handshake().status, 101);
}

TEST_F(WebSocket, CarriesMessagesBothWays) {
  start();
  auto socket = connected();
  socket.send("SUBSCRIBE", {{"destination", "/queue/a"}, {"id", "1"}});
  socket.send("SEND", {{"destination", "/queue/a"}}, "grüße");
  EXPECT_EQ(socket.expect("MESSAGE").body, "grüße");
  EXPECT_EQ(socket.last_opcode(), WebSocketClient::text);
}

TEST_F(WebSocket, SendsBinaryWhatIsNotText) {
  start();
  auto socket = connected();
  socket.send("SUBSCRIBE", {{"destination", "/topic/a"}, {"id", "1"}, {"receipt", "r"}});
  socket.expect("RECEIPT");
  auto client = connect();
  client.publish("/topic/a", "\xff\xfe\0x"s);
  EXPECT_EQ(socket.expect("MESSAGE").body, "\xff\xfe\0x"s);
  EXPECT_EQ(socket.last_opcode(), WebSocketClient::binary);
  client.publish("/topic/a", "text again");
  EXPECT_EQ(socket.expect("MESSAGE").body, "text again");
  EXPECT_EQ(socket.last_opcode(), WebSocketClient::text);
}

TEST_F(WebSocket, TakesBinaryAndTextAlike) {
  start();
  auto socket = open();
  socket.frame(WebSocketClient::binary,
               encoded({"CONNECT", {{"accept-version", "1.2"}, {"host", "h"}}, ""}));
  socket.expect("CONNECTED");
}

TEST_F(WebSocket, TakesOneFrameOverManyMessagesAndManyFramesInOne) {
  start();
  auto socket = connected();
  const std::string whole = encoded({"SEND", {{"destination", "/queue/a"}, {"receipt", "1"}}, "x"});
  for (const char c : whole) socket.frame(WebSocketClient::text, {&c, 1});
  EXPECT_EQ(socket.expect("RECEIPT").header("receipt-id"), "1");
  const std::string second =
      encoded({"SEND", {{"destination", "/queue/a"}, {"receipt", "2"}}, "y"});
  socket.frame(WebSocketClient::text, whole + "\n\n" + second);
  EXPECT_EQ(socket.expect("RECEIPT").header("receipt-id"), "1");
  EXPECT_EQ(socket.expect("RECEIPT").header("receipt-id"), "2");
}

TEST_F(WebSocket, PutsFragmentsTogetherWithPingsBetweenThem) {
  start();
  auto socket = connected();
  const std::string whole =
      encoded({"SEND", {{"destination", "/queue/a"}, {"receipt", "1"}}, "grüße"});
  const auto cut = whole.find("\xc3") + 1;  // within a character
  socket.frame(WebSocketClient::text, whole.substr(0, cut), {false, true, 0});
  socket.frame(WebSocketClient::ping, "are you there");
  socket.frame(WebSocketClient::continuation, whole.substr(cut), {true, true, 0});
  const auto pong = socket.receive();
  EXPECT_EQ(pong.opcode, WebSocketClient::pong);
  EXPECT_EQ(pong.payload, "are you there");
  socket.expect("RECEIPT");
}

TEST_F(WebSocket, CarriesLargeBodiesBothWays) {
  start();
  auto socket = connected();
  socket.send("SUBSCRIBE", {{"destination", "/queue/a"}, {"id", "1"}});
  std::string body(3'000'000, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 7);
  socket.frame(
      WebSocketClient::binary,
      encoded({"SEND",
               {{"destination", "/queue/a"}, {"content-length", std::to_string(body.size())}},
               body}));
  EXPECT_TRUE(socket.expect("MESSAGE").body == body);
}

TEST_F(WebSocket, KeepsOrderAndLosesNothingUnderLoad) {
  start();
  auto socket = connected();
  socket.send("SUBSCRIBE", {{"destination", "/queue/a"}, {"id", "1"}, {"receipt", "r"}});
  socket.expect("RECEIPT");
  auto client = connect();
  for (int i = 0; i < 2000; ++i) {
    client.send("SEND", {{"destination", "/queue/a"}},
                std::string(static_cast<std::size_t>(i), 'x') + "é" + std::to_string(i));
  }
  client.round_trip();
  for (int i = 0; i < 2000; ++i) {
    const std::string body = socket.expect("MESSAGE").body;
    ASSERT_EQ(body.substr(static_cast<std::size_t>(i)), "é" + std::to_string(i));
    ASSERT_EQ(socket.last_opcode(), WebSocketClient::text);
  }
}

TEST_F(WebSocket, AnswersDisconnectBeforeItCloses) {
  start();
  auto socket = connected();
  socket.send("DISCONNECT", {{"receipt", "bye"}});
  EXPECT_EQ(socket.expect("RECEIPT").header("receipt-id"), "bye");
  socket.expect_close(1000);
}

TEST_F(WebSocket, SaysWhatIsWrongBeforeItCloses) {
  start();
  auto socket = connected();
  socket.send("SEND", {}, "nowhere");
  EXPECT_EQ(socket.expect("ERROR").header("message"), "destination missing");
  socket.expect_close(1000);
}

TEST_F(WebSocket, AnswersACloseWithAClose) {
  start();
  auto socket = connected();
  socket.frame(WebSocketClient::close, "\x03\xe9"s);
  socket.expect_close(1001);
  EXPECT_TRUE(eventually([&] { return server->connections() == 0; }));
}

TEST_F(WebSocket, ClosesOnWhatTheProtocolForbids) {
  start();
  const auto closes_with = [this](unsigned code, WebSocketClient::Opcode opcode,
                                  const std::string& payload, const Shape& shape) {
    auto socket = connected();
    socket.frame(opcode, payload, shape);
    socket.expect_close(code);
  };
  closes_with(1002, WebSocketClient::text, "a", {true, false, 0});
  closes_with(1002, WebSocketClient::text, "a", {true, true, 4});
  closes_with(1002, WebSocketClient::Opcode(3), "a", {true, true, 0});
  closes_with(1002, WebSocketClient::continuation, "a", {true, true, 0});
  closes_with(1002, WebSocketClient::ping, std::string(126, 'x'), {true, true, 0});
  closes_with(1002, WebSocketClient::ping, "a", {false, true, 0});
  closes_with(1007, WebSocketClient::text, "\xff", {true, true, 0});
}

TEST_F(WebSocket, RefusesMessagesThatAreTooLarge) {
  settings.max_message_size = 1000;
  settings.max_headers = 4;
  settings.max_header_len = 100;
  start();
  auto socket = connected();
  socket.raw("\x82\xff\0\0\xff\xff\xff\xff\xff\xff\1\2\3\4"s);
  socket.expect_close(1009);
}

TEST_F(WebSocket, BeatsItsHeartInMessages) {
  settings.heart_beat_write_min = std::chrono::milliseconds(10);
  start();
  auto socket = open();
  socket.connect({{"heart-beat", "0,20"}});
  for (int i = 0; i < 3; ++i) {
    const auto beat = socket.receive();
    EXPECT_EQ(beat.opcode, WebSocketClient::text);
    EXPECT_EQ(beat.payload, "\n");
  }
}

TEST_F(WebSocket, IsOfTheWeb) {
  auto destination = queue_named("/queue/inside");
  destination.web_write_block = true;
  start(destination);
  auto socket = connected();
  socket.send("SEND", {{"destination", "/queue/inside"}}, "x");
  EXPECT_EQ(socket.expect("ERROR").header("message"), "blocked");
}

TEST_F(WebSocket, IsRefusedToPagesOfOtherOrigins) {
  start();
  EXPECT_EQ(open("v12.stomp", {{"Origin", "http://evil.example"}}).handshake().status, 403);
  EXPECT_EQ(open("v12.stomp", {{"Origin", "http://localhost"}}).handshake().status, 101);
  EXPECT_EQ(open("v12.stomp").handshake().status, 101);
}

/// Only browsers have cookies, and browsers say where a page is from.
TEST_F(WebSocket, IsRefusedToWhoHasCookiesAndHidesItsOrigin) {
  start();
  EXPECT_EQ(open("v12.stomp", {{"Cookie", "a=b"}}).handshake().status, 403);
  EXPECT_EQ(open("v12.stomp").handshake().status, 101);
}

TEST_F(WebSocket, IsOpenToTheOriginsOfTheList) {
  settings.websockets_origin = {"https://example.org"};
  start();
  EXPECT_EQ(open("v12.stomp", {{"Origin", "https://example.org"}}).handshake().status, 101);
  EXPECT_EQ(open("v12.stomp", {{"Origin", "http://localhost"}}).handshake().status, 403);
}

TEST_F(WebSocket, CanBeSwitchedOff) {
  settings.websockets = false;
  start();
  EXPECT_EQ(open().handshake().status, 403);
}

TEST_F(WebSocket, TakesFramesThatComeWithTheUpgrade) {
  start();
  WebSocketClient first(server->port());
  support::HttpClient browser(server->port());
  const std::string frame = encoded({"CONNECT", {{"accept-version", "1.2"}, {"host", "h"}}, ""});
  std::string text =
      "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  text += "\x82"s + static_cast<char>(0x80U | frame.size()) + "\0\0\0\0"s + frame;
  browser.raw(text);
  EXPECT_EQ(browser.answer().status, 101);
  std::string received = browser.rest();
  const auto end = std::chrono::steady_clock::now() + support::patience;
  while (received.find("CONNECTED") == std::string::npos) {
    ASSERT_EQ(browser.socket().read(received, end), support::Socket::Read::some);
  }
}

TEST_F(WebSocket, DoesNotGrowForAClientThatSendsPingsAndReadsNothing) {
  start();
  auto socket = connected();
  std::string pings;
  for (int i = 0; i < 100; ++i) pings += "\x89\xfd\0\0\0\0"s + std::string(125, 'p');
  std::size_t sent = 0;
  for (int quiet = 0; quiet < 20 && sent < 64'000'000;) {
    const auto n = socket.socket().write_some(std::string_view(pings).substr(sent % pings.size()));
    sent += n;
    if (n != 0) {
      quiet = 0;
    } else {
      ++quiet;
      EXPECT_EQ(connect().version(), "1.2");
    }
  }
  EXPECT_LT(sent, 64'000'000U) << "the server stops reading";
}

TEST_F(WebSocket, IsCompressedOnlyWhereTheOperatorAllowsIt) {
  start();
  const Headers offer{{"Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"}};
  EXPECT_EQ(open("v12.stomp", offer).handshake().count("sec-websocket-extensions"), 0U);
  server.reset();
  settings.websockets_deflate = true;
  start();
  EXPECT_THAT(open("v12.stomp", offer).handshake().header("sec-websocket-extensions"),
              HasSubstr("server_max_window_bits=10"));
}

TEST_F(WebSocket, IsCompressedForSoManyClientsAtOneTime) {
  settings.websockets_deflate = true;
  settings.websockets_deflate_max = 1;
  start();
  const Headers offer{{"Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"}};
  const auto is_compressed = [&](const WebSocketClient& client) {
    return client.handshake().count("sec-websocket-extensions") != 0;
  };
  auto plain = open("v12.stomp");
  EXPECT_FALSE(is_compressed(plain)) << "did not ask, and takes nobody's place";
  std::optional<WebSocketClient> first(open("v12.stomp", offer));
  EXPECT_TRUE(is_compressed(*first));
  EXPECT_FALSE(is_compressed(open("v12.stomp", offer)));
  first.reset();
  EXPECT_TRUE(eventually([&] { return is_compressed(open("v12.stomp", offer)); }));
}

}  // namespace
}  // namespace romp::integration
