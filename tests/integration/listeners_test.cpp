// SPDX-License-Identifier: Apache-2.0
#include "integration/server_test.hpp"
#include "support/http_client.hpp"
#include "support/web_socket_client.hpp"

namespace romp::integration {
namespace {

using namespace std::string_view_literals;
using support::http_get;
using support::HttpClient;
using support::Socket;
using support::WebSocketClient;

config::ListenerSettings listener_named(std::string_view name) {
  config::ListenerSettings listener;
  listener.name = name;
  return listener;
}

class Listeners : public ServerTest {
 protected:
  void start_with(config::ListenerSettings listener) {
    settings.listeners.push_back(std::move(listener));
    start();
    port = server->port(1);
  }
  /// The server closes without a word.
  bool shows_the_door(std::string_view octets) {
    Socket socket(port == 0 ? server->port() : port);
    socket.write(octets);
    std::string answer;
    const auto end = std::chrono::steady_clock::now() + support::patience;
    return socket.read(answer, end) != Socket::Read::some && answer.empty();
  }

  std::uint16_t port = 0;
};

TEST_F(Listeners, SpeakStompHttpAndWebSocketOnOnePort) {
  start();
  EXPECT_EQ(connect().version(), "1.2");
  EXPECT_EQ(http_get(server->port(), "/healthz").status, 200);
  WebSocketClient socket(server->port());
  EXPECT_EQ(socket.connect().header("version"), "1.2");
}

TEST_F(Listeners, JudgeOctetsThatComeOneByOne) {
  start();
  auto client = server->client();
  for (const char c : "CONNECT\naccept-version:1.2\nhost:h\n\n"sv) client.raw({&c, 1});
  client.raw("\0"sv);
  client.expect("CONNECTED");
  HttpClient browser(server->port());
  for (const char c : "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n"sv) browser.raw({&c, 1});
  EXPECT_EQ(browser.answer().status, 200);
}

TEST_F(Listeners, ShowOtherProtocolsTheDoor) {
  start();
  EXPECT_TRUE(shows_the_door("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"sv)) << "TLS";
  EXPECT_TRUE(shows_the_door("AMQP\0\0\x09\x01"sv));
  EXPECT_TRUE(shows_the_door("*1\r\n$4\r\nPING\r\n"));
  EXPECT_EQ(connect().version(), "1.2") << "and go on";
}

TEST_F(Listeners, SpeakOnlyWhatTheyAreTold) {
  auto listener = listener_named("web");
  listener.protocols = {"http", "websocket"};
  start_with(listener);
  EXPECT_TRUE(shows_the_door("CONNECT\naccept-version:1.2\n\n\0"sv));
  EXPECT_EQ(http_get(port, "/healthz").status, 200);
}

TEST_F(Listeners, MaySpeakNothingButStomp) {
  auto listener = listener_named("plain");
  listener.protocols = {"stomp"};
  start_with(listener);
  EXPECT_TRUE(shows_the_door("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  StompClient client(port);
  EXPECT_EQ(client.connect().command, "CONNECTED");
}

TEST_F(Listeners, MaySpeakHttpWithoutWebSocketsAndWebSocketsWithoutHttp) {
  auto pages = listener_named("pages");
  pages.protocols = {"http"};
  settings.listeners.push_back(pages);
  auto sockets = listener_named("sockets");
  sockets.protocols = {"websocket"};
  settings.listeners.push_back(sockets);
  start();
  EXPECT_EQ(WebSocketClient(server->port(1)).handshake().status, 403);
  EXPECT_EQ(http_get(server->port(1), "/healthz").status, 200);
  EXPECT_EQ(WebSocketClient(server->port(2)).handshake().status, 101);
  EXPECT_EQ(http_get(server->port(2), "/healthz").status, 403);
}

TEST_F(Listeners, OfTheAdministratorHaveMetrics) {
  auto listener = listener_named("admin");
  listener.admin = true;
  start_with(listener);
  auto client = connect();
  client.publish("/topic/metrics", "x");
  const auto page = http_get(port, "/metrics");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(page.body, HasSubstr("\nromp_stomp_connections 1\n"));
  EXPECT_THAT(page.body, HasSubstr("\nromp_messages_in_total 1\n"));
  EXPECT_THAT(page.body,
              HasSubstr("\nromp_destination_published_total{destination=\"/topic/metrics\"} 1\n"));
  EXPECT_EQ(http_get(server->port(), "/metrics").status, 404) << "only there";
}

TEST_F(Listeners, NameOnlySoManyDestinationsOnTheMetricsPage) {
  settings.metrics_destinations = 2;
  auto listener = listener_named("admin");
  listener.admin = true;
  start_with(listener);
  auto client = connect();
  for (const char* name : {"/topic/a", "/topic/b", "/topic/c", "/topic/d"})
    client.publish(name, "x");
  const auto page = http_get(port, "/metrics");
  EXPECT_THAT(page.body,
              HasSubstr("\nromp_destination_published_total{destination=\"/topic/a\"} 1\n"
                        "romp_destination_published_total{destination=\"/topic/b\"} 1\n"
                        "romp_destination_published_total{destination=\"(others)\"} 2\n"));
}

TEST_F(Listeners, OfTheWebAreBlockedWhereTheDestinationSaysSo) {
  auto destination = topic_named("/topic/inside");
  destination.web_write_block = true;
  destination.web_read_block = true;
  settings.destinations.push_back(destination);
  auto listener = listener_named("web");
  listener.web = true;
  start_with(listener);
  connect().publish("/topic/inside", "x");
  StompClient web(port);
  web.connect();
  web.send("SEND", {{"destination", "/topic/inside"}}, "x");
  web.expect_error("blocked");
  StompClient reader(port);
  reader.connect();
  reader.send("SUBSCRIBE", {{"destination", "/topic/inside"}, {"id", "1"}});
  reader.expect_error("blocked");
}

TEST_F(Listeners, OfTheWebSeeNothingOfABlockedTopicThroughAPattern) {
  auto destination = topic_named("/topic/inside");
  destination.web_read_block = true;
  settings.destinations.push_back(destination);
  auto listener = listener_named("web");
  listener.web = true;
  start_with(listener);
  StompClient web(port);
  web.connect();
  web.subscribe("/topic/*");
  auto inside = connect();
  inside.subscribe("/topic/*");
  inside.publish("/topic/inside", "secret");
  EXPECT_EQ(inside.message().body, "secret");
  web.nothing_came();
}

TEST_F(Listeners, DropWhoSaysNothingInTime) {
  settings.connect_timeout = std::chrono::milliseconds(50);
  auto listener = listener_named("web");
  listener.protocols = {"http"};
  start_with(listener);
  EXPECT_TRUE(shows_the_door(""));
  server->client().expect_error("timeout");
}

TEST_F(Listeners, AreNotStoppedByThoseWhoSayNothing) {
  start();
  std::vector<Socket> silent;
  for (int i = 0; i < 500; ++i) silent.emplace_back(server->port()).write("GET / HT");
  EXPECT_EQ(http_get(server->port(), "/healthz").status, 200);
  EXPECT_EQ(connect().version(), "1.2");
}

}  // namespace
}  // namespace romp::integration
