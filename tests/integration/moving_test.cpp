// SPDX-License-Identifier: Apache-2.0
// A session that only sends moves, once, to the worker where all that receive are.
#include "integration/server_test.hpp"
#include "support/authority.hpp"
#include "support/temporary_directory.hpp"
#include "support/tls_client.hpp"

namespace romp::integration {
namespace {

using namespace std::string_literals;

/// `consumer` lives on one worker, `sender` on the other.
class Moving : public testing::Test {
 protected:
  Moving() { EXPECT_NE(support::worker_of(consumer), support::worker_of(sender)); }

  static config::Settings settings() {
    auto settings = test_settings();
    settings.workers = 2;
    settings.enable_admin = true;
    auto small = queue_named("/queue/small");
    small.max_messages = 2;
    settings.destinations.push_back(small);
    config::ListenerSettings admin;
    admin.name = "admin";
    admin.admin = true;
    settings.listeners.push_back(admin);
    return settings;
  }
  static std::string frames_of(const std::vector<std::string>& bodies) {
    std::string frames;
    for (const auto& body : bodies) frames += "SEND\ndestination:/queue/a\n\n" + body + "\0"s;
    return frames;
  }
  /// Sends until the broker must have looked where the consumers are, and receives it all.
  void send_much(StompClient& from) {
    const auto sent = numbers(100);
    from.raw(frames_of(sent));
    EXPECT_EQ(consumer.bodies(sent.size()), sent);
    from.round_trip();
  }
  void move_sender() {
    consumer.subscribe("/queue/a");
    send_much(sender);
    ASSERT_EQ(server.moves(), 1U);
  }

  TestServer server{settings()};
  StompClient consumer = server.connect();
  StompClient sender = server.connect();
};

TEST_F(Moving, BringsASenderToItsConsumer) {
  consumer.subscribe("/queue/a");
  send_much(sender);
  EXPECT_EQ(server.moves(), 1U);
}

TEST_F(Moving, HappensOnce) {
  const auto id = consumer.subscribe("/queue/a");
  send_much(sender);
  auto other = server.connect();
  ASSERT_NE(support::worker_of(other), support::worker_of(consumer));
  consumer.unsubscribe(id);
  other.subscribe("/queue/a");
  sender.raw(frames_of(numbers(100)));
  other.bodies(100);
  sender.round_trip();
  EXPECT_EQ(server.moves(), 1U);
}

TEST_F(Moving, KeepsTheOrderOfWhatIsSent) {
  consumer.subscribe("/queue/a");
  const auto sent = numbers(20'000);
  sender.raw(frames_of(sent));
  EXPECT_EQ(consumer.bodies(sent.size()), sent);
  EXPECT_EQ(server.moves(), 1U);
}

TEST_F(Moving, TakesTheBeginningOfAFrameAlong) {
  consumer.subscribe("/queue/a");
  sender.raw(frames_of(numbers(64)) + "SEND\ndestination:/queue/a\n\nfirst half, ");
  consumer.bodies(64);
  ASSERT_TRUE(eventually([&] { return server.moves() == 1; }));
  sender.raw("second half\0"s);
  EXPECT_EQ(consumer.message().body, "first half, second half");
}

TEST_F(Moving, TakesTheBeginningOfALargeBodyAlong) {
  consumer.subscribe("/queue/a");
  const std::string half(500'000, 'x');
  sender.raw(frames_of(numbers(64)) + "SEND\ndestination:/queue/a\ncontent-length:1000000\n\n" +
             half);
  consumer.bodies(64);
  ASSERT_TRUE(eventually([&] { return server.moves() == 1; }));
  sender.raw(half + "\0"s);
  EXPECT_TRUE(consumer.message().body == half + half);
}

TEST_F(Moving, IsNotForWhoHasASubscription) {
  sender.subscribe("/topic/b");
  consumer.subscribe("/queue/a");
  send_much(sender);
  EXPECT_EQ(server.moves(), 0U);
}

TEST_F(Moving, IsNotForWhoHasATransaction) {
  sender.begin("t");
  consumer.subscribe("/queue/a");
  send_much(sender);
  EXPECT_EQ(server.moves(), 0U);
}

TEST_F(Moving, IsNotForWhoSendsToBothWorkers) {
  auto other = server.connect();
  auto another = server.connect();
  other.subscribe("/topic/a");
  another.subscribe("/topic/a");
  for (int i = 0; i < 100; ++i) sender.publish("/topic/a", "x");
  EXPECT_EQ(server.moves(), 0U);
}

TEST_F(Moving, LeavesWorkersWithAboutAsManySessionsEach) {
  consumer.subscribe("/queue/a");
  std::vector<StompClient> senders;
  for (int i = 0; i < 20; ++i) senders.push_back(server.connect());
  for (auto& one : senders) send_much(one);
  EXPECT_GE(server.moves(), 1U);
  EXPECT_LE(server.moves(), 3U);
}

TEST_F(Moving, LetsASessionReceiveAsWell) {
  move_sender();
  sender.subscribe("/topic/b");
  consumer.publish("/topic/b", "to who has moved");
  EXPECT_EQ(sender.message().body, "to who has moved");
}

TEST_F(Moving, LetsASenderWaitForRoom) {
  move_sender();
  std::string frames;
  for (const auto& body : numbers(20))
    frames += "SEND\ndestination:/queue/small\n\n" + body + "\0"s;
  sender.raw(frames);
  consumer.subscribe("/queue/small", {{"ack", "client-individual"}, {"prefetch-count", "1"}});
  for (const auto& body : numbers(20)) {
    const Frame message = consumer.message();
    ASSERT_EQ(message.body, body);
    consumer.ack(message);
  }
}

TEST_F(Moving, LetsHeartBeatsGoOn) {
  sender.socket().close();
  ASSERT_TRUE(eventually([&] { return server.connections() == 1; }));
  StompClient beating(server.port());
  beating.connect("1.2", {{"heart-beat", "0,20"}});
  consumer.subscribe("/queue/a");
  send_much(beating);
  ASSERT_EQ(server.moves(), 1U);
  beating.wait_for_beats(beating.beats() + 2);
}

TEST_F(Moving, LetsAnAdministratorEndTheSession) {
  move_sender();
  const std::string name = sender.session();
  StompClient administrator(server.port(1));
  administrator.connect();
  administrator.send("SEND", {{"destination", "/virt/admin/close-session"},
                              {"session", name.substr(name.rfind('-') + 1)}});
  EXPECT_EQ(administrator.message().header("message"), "ok");
  sender.expect_error();
  sender.socket().close();
  EXPECT_TRUE(eventually([&] { return server.connections() == 2; }));
}

TEST_F(Moving, LetsAClientGoInOrder) {
  move_sender();
  sender.send("DISCONNECT", {{"receipt", "r"}});
  EXPECT_EQ(sender.expect("RECEIPT").header("receipt-id"), "r");
  sender.expect_closed();
  sender.socket().close();
  EXPECT_TRUE(eventually([&] { return server.connections() == 1; }));
}

TEST_F(Moving, LosesNothingWhereClientsComeAndGo) {
  sender.socket().close();
  consumer.subscribe("/queue/a");
  for (int round = 0; round < 100; ++round) {
    auto one = server.connect();
    const auto sent = numbers(70);
    one.raw(frames_of(sent));
    if (round % 2 == 0) one.send("DISCONNECT");
    one.socket().finish_writing();
    ASSERT_EQ(consumer.bodies(sent.size()), sent);
  }
  EXPECT_GE(server.moves(), 1U);
}

TEST(MovingWithALimit, BringsASenderToItsConsumer) {
  auto settings = test_settings();
  settings.workers = 2;
  settings.connection_octets = 1U << 20U;
  const TestServer server(settings);
  auto consumer = server.connect();
  auto sender = server.connect();
  consumer.subscribe("/queue/a");
  for (int i = 0; i < 200; ++i) sender.publish("/queue/a", "x");
  EXPECT_EQ(server.moves(), 1U);
  consumer.bodies(200);
}

TEST(MovingByTls, BringsASenderToItsConsumer) {
  const support::TemporaryDirectory directory;
  support::Authority ours{"our authority"};
  auto settings = test_settings();
  settings.workers = 2;
  config::ListenerSettings safe;
  safe.name = "safe";
  safe.tls.enabled = true;
  safe.tls.certificates = {
      directory.write("server.pem", ours.issue({"localhost", "DNS:localhost"}))};
  settings.listeners = {safe};
  const TestServer server(settings);
  const support::TlsWish wish{.ca = directory.write("ours.pem", ours.certificate())};
  StompClient consumer(support::Socket(server.port(1), wish));
  consumer.connect();
  StompClient sender(support::Socket(server.port(1), wish));
  sender.connect();
  ASSERT_NE(support::worker_of(consumer), support::worker_of(sender));
  consumer.subscribe("/queue/a");
  for (int i = 0; i < 200; ++i) {
    sender.send("SEND", {{"destination", "/queue/a"}}, std::to_string(i));
  }
  for (int i = 0; i < 200; ++i) ASSERT_EQ(consumer.message().body, std::to_string(i));
  sender.round_trip();
  EXPECT_EQ(server.moves(), 1U);
}

}  // namespace
}  // namespace romp::integration
