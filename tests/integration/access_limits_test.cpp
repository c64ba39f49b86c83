// SPDX-License-Identifier: Apache-2.0
// What one listener, address, session or user may take from the others.
#include "integration/server_test.hpp"
#include "support/authority.hpp"
#include "support/http_client.hpp"
#include "support/temporary_directory.hpp"
#include "support/tls_client.hpp"
#include "support/web_socket_client.hpp"

namespace romp::integration {
namespace {

using Clock = std::chrono::steady_clock;
using support::http_get;
using support::HttpClient;
using support::Socket;
using support::WebSocketClient;
using namespace std::chrono_literals;

class AccessLimits : public ServerTest {
 protected:
  /// The listener under test is number 1, that of the administrator number 2.
  void start_limited() {
    listener.name = "narrow";
    config::ListenerSettings admin;
    admin.name = "admin";
    admin.admin = true;
    settings.listeners = {listener, admin};
    start();
  }
  std::uint16_t port() const { return server->port(1); }
  StompClient come() const { return StompClient(port()); }
  std::string metric(const std::string& line) const {
    const auto page = http_get(server->port(2), "/metrics").body;
    const auto at = page.find("\n" + line + " ");
    if (at == page.npos) return "no such line";
    const auto begin = at + line.size() + 2;
    return page.substr(begin, page.find('\n', begin) - begin);
  }
  void log_in_as_alice() {
    settings.login = "alice";
    settings.passcode = "secret";
  }
  StompClient alice() const {
    StompClient client(server->port());
    client.send(
        "CONNECT",
        {{"accept-version", "1.2"}, {"host", "h"}, {"login", "alice"}, {"passcode", "secret"}});
    return client;
  }

  config::ListenerSettings listener;
};

TEST_F(AccessLimits, OfAListenersConnectionsTellTheNextOneInItsOwnProtocol) {
  listener.max_connections = 2;
  start_limited();
  auto first = come();
  first.connect();
  std::optional<StompClient> second(come());
  second->connect();
  auto third = come();
  third.send("CONNECT", {{"accept-version", "1.2"}, {"host", "h"}});
  EXPECT_THAT(third.expect_error("too many connections").body, HasSubstr("this listener"));
  EXPECT_EQ(http_get(port(), "/healthz").status, 503);
  EXPECT_EQ(metric("romp_turned_away_total{listener=\"narrow\",limit=\"max_connections\"}"), "2");
  EXPECT_EQ(connect().version(), "1.2") << "the other listeners go on";
  second.reset();
  EXPECT_TRUE(eventually([&] { return http_get(port(), "/healthz").status == 200; }));
  first.round_trip();
}

TEST_F(AccessLimits, CountWebSocketsAndHttpToo) {
  listener.max_connections = 2;
  start_limited();
  WebSocketClient socket(port());
  socket.connect();
  HttpClient browser(port());
  EXPECT_EQ(browser.get("/healthz").status, 200);
  EXPECT_EQ(http_get(port(), "/healthz").status, 503);
}

TEST_F(AccessLimits, OfAnAddresssConnections) {
  settings.address_connections = 2;
  start_limited();
  std::vector<StompClient> clients;
  for (int i = 0; i < 2; ++i) clients.push_back(connect());
  auto third = come();
  third.send("CONNECT", {{"accept-version", "1.2"}, {"host", "h"}});
  EXPECT_THAT(third.expect_error("too many connections").body, HasSubstr("this address"));
  clients.clear();
  EXPECT_TRUE(eventually([&] { return http_get(port(), "/healthz").status == 200; }));
}

TEST_F(AccessLimits, OfAnAddresssNewConnections) {
  settings.address_rate = 3;
  start_limited();
  int refused = 0;
  for (int i = 0; i < 10; ++i) refused += http_get(port(), "/healthz").status == 503 ? 1 : 0;
  EXPECT_GE(refused, 5);
  EXPECT_TRUE(eventually([&] { return http_get(port(), "/healthz").status == 200; }));
}

TEST_F(AccessLimits, DoNotLetARefusedFloodTakeMoreThanItsClosing) {
  settings.address_connections = 1;
  start_limited();
  auto control = connect();
  std::vector<Socket> flood;
  for (int i = 0; i < 600; ++i) flood.emplace_back(port());
  control.round_trip();
  EXPECT_TRUE(eventually([&] { return server->connections() < 300; }));
  flood.clear();
  EXPECT_TRUE(eventually([&] { return server->connections() == 1; }));
}

TEST_F(AccessLimits, OfAListenersRateLetTheOthersWait) {
  listener.accept_rate = 20;
  start_limited();
  const auto begin = Clock::now();
  std::vector<StompClient> clients;
  for (int i = 0; i < 30; ++i) {
    clients.push_back(come());
    clients.back().send("CONNECT", {{"accept-version", "1.2"}, {"host", "h"}});
  }
  for (auto& client : clients) client.expect("CONNECTED");
  EXPECT_GE(Clock::now() - begin, 400ms);
}

TEST_F(AccessLimits, OfAConnectionsOctetsMakeItWaitAndLoseNothing) {
  settings.connection_octets = 1'000'000;
  start_limited();
  auto control = connect();
  auto client = connect();
  const auto begin = Clock::now();
  client.send("SEND", {{"destination", "/queue/a"}, {"receipt", "r"}}, std::string(1'500'000, 'x'));
  control.round_trip();
  EXPECT_LT(Clock::now() - begin, 400ms) << "the others do not wait";
  client.expect("RECEIPT");
  EXPECT_GE(Clock::now() - begin, 400ms);
  EXPECT_NE(metric("romp_read_pauses_total"), "0");
}

TEST_F(AccessLimits, OfAnAddresssOctetsAreSharedByItsConnections) {
  settings.address_octets = 1'000'000;
  start_limited();
  const auto begin = Clock::now();
  std::vector<StompClient> clients;
  for (int i = 0; i < 2; ++i) {
    clients.push_back(connect());
    clients.back().send("SEND", {{"destination", "/queue/a"}, {"receipt", "r"}},
                        std::string(750'000, 'x'));
  }
  for (auto& client : clients) client.expect("RECEIPT");
  EXPECT_GE(Clock::now() - begin, 400ms);
}

TEST_F(AccessLimits, HoldForWhatIsEncryptedToo) {
  settings.connection_octets = 500'000;
  support::TemporaryDirectory directory;
  support::Authority authority("authority");
  listener.tls.enabled = true;
  listener.tls.certificates = {directory.write("server.pem", authority.issue({"localhost"}))};
  start_limited();
  StompClient client(Socket(port(), support::TlsWish{}));
  client.connect();
  const auto begin = Clock::now();
  client.publish("/queue/a", std::string(750'000, 'x'));
  EXPECT_GE(Clock::now() - begin, 400ms);
}

TEST_F(AccessLimits, OfTheDestinationsThatASessionBringsToLife) {
  settings.session_destinations = 2;
  start_limited();
  auto client = connect();
  client.publish("/queue/a", "x");
  client.publish("/queue/b", "x");
  client.publish("/queue/a", "x");
  auto other = connect();
  other.subscribe("/queue/c");
  client.publish("/queue/c", "it is there already");
  client.send("SEND", {{"destination", "/queue/d"}}, "x");
  client.expect_error("too many destinations");
  EXPECT_EQ(server->broker().find_existing("/queue/d"), nullptr);
}

TEST_F(AccessLimits, OfAUsersSessions) {
  settings.user_sessions = 2;
  log_in_as_alice();
  start_limited();
  auto first = alice();
  first.expect("CONNECTED");
  std::optional<StompClient> second(alice());
  second->expect("CONNECTED");
  alice().expect_error("too many sessions");
  second.reset();
  EXPECT_TRUE(eventually([&] { return alice().receive().command == "CONNECTED"; }));
  EXPECT_NE(metric("romp_user_refusals_total"), "0");
}

TEST_F(AccessLimits, OfAUsersSubscriptionsInAllSessions) {
  settings.user_subscriptions = 2;
  log_in_as_alice();
  start_limited();
  std::vector<StompClient> sessions;
  for (int i = 0; i < 3; ++i) {
    sessions.push_back(alice());
    sessions.back().expect("CONNECTED");
  }
  sessions[0].complete("SUBSCRIBE", {{"destination", "/topic/a"}, {"id", "1"}});
  sessions[1].complete("SUBSCRIBE", {{"destination", "/topic/a"}, {"id", "1"}});
  sessions[0].complete("UNSUBSCRIBE", {{"id", "1"}});
  sessions[1].complete("SUBSCRIBE", {{"destination", "/topic/a"}, {"id", "2"}});
  sessions[2].send("SUBSCRIBE", {{"destination", "/topic/a"}, {"id", "1"}});
  sessions[2].expect_error("too many subscriptions");
}

}  // namespace
}  // namespace romp::integration
