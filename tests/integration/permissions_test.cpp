// SPDX-License-Identifier: Apache-2.0
// What a user may do, on every way to a destination.
#include "integration/server_test.hpp"
#include "session/compose.hpp"
#include "support/web_socket_client.hpp"

namespace romp::integration {
namespace {

/// harry reads and writes /queue/harry*, reads /topic/news* but for /topic/news.secret, and may
/// make the first.
class Permissions : public ServerTest {
 protected:
  Permissions() {
    settings.login = "harry";
    settings.passcode = "alohomora";
    config::PermissionSettings harry;
    harry.name = "harry";
    harry.users = {"harry"};
    harry.read = {"/queue/%u*", "/topic/news*", "!/topic/news.secret"};
    harry.write = {"/queue/%u*", "/queue/declared", "/queue/made.by.others", "/virt/admin/*"};
    harry.create = {"/queue/%u*", "/topic/news*"};
    settings.permissions.push_back(harry);
    settings.destinations.push_back(queue_named("/queue/declared"));
    settings.destinations.push_back(topic_named("/topic/news.today"));
    settings.destinations.push_back(topic_named("/topic/news.secret"));
    settings.destinations.push_back(topic_named("/topic/other"));
  }
  StompClient harry() const {
    return connect("1.2", {{"login", "harry"}, {"passcode", "alohomora"}});
  }
  void publish(const std::string& topic, const std::string& body) {
    server->broker().publish_now(topic, session::compose({topic, {}, body, nullptr, false}));
  }
};

TEST_F(Permissions, AllowWhatIsWritten) {
  start();
  auto c = harry();
  c.publish("/queue/harry", "x");
  c.subscribe("/queue/harry");
  EXPECT_EQ(c.message().body, "x");
  c.publish("/queue/declared", "y");
  c.publish("/queue/harry", "z");
  EXPECT_EQ(c.message().body, "z");
}

TEST_F(Permissions, ForbidTheRestWithWordsThatSayWhat) {
  start();
  auto c = harry();
  c.send("SEND", {{"destination", "/queue/ron"}, {"receipt", "7"}}, "x");
  const Frame error = c.expect_error("not allowed");
  EXPECT_THAT(error.body, HasSubstr("the user \"harry\" may not write /queue/ron"));
  EXPECT_EQ(error.header("receipt-id"), "7");
  auto d = harry();
  d.send("SUBSCRIBE", {{"destination", "/queue/declared"}, {"id", "1"}});
  EXPECT_THAT(d.expect_error("not allowed").body, HasSubstr("may not read /queue/declared"));
}

TEST_F(Permissions, HoldBehindAnAllowedFrameToo) {
  start();
  auto c = harry();
  c.publish("/queue/harry", "x");
  c.send("SEND", {{"destination", "/queue/ron"}}, "x");
  c.expect_error("not allowed");
  EXPECT_EQ(server->broker().find_existing("/queue/ron"), nullptr);
}

TEST_F(Permissions, ToWriteAreNotToMake) {
  start();
  auto c = harry();
  c.send("SEND", {{"destination", "/queue/made.by.others"}}, "x");
  EXPECT_THAT(c.expect_error("not allowed").body, HasSubstr("may not create"));
  (void)server->broker().find("/queue/made.by.others");
  auto d = harry();
  d.publish("/queue/made.by.others", "x");
}

TEST_F(Permissions, HoldForLargeBodies) {
  start();
  auto c = harry();
  c.send("SEND", {{"destination", "/queue/ron"}}, std::string(200'000, 'x'));
  c.expect_error("not allowed");
}

TEST_F(Permissions, HoldInTransactions) {
  start();
  auto c = harry();
  c.begin("t");
  c.send("SEND", {{"destination", "/queue/ron"}, {"transaction", "t"}}, "x");
  c.expect_error("not allowed");
}

TEST_F(Permissions, HoldOverWebSockets) {
  start();
  support::WebSocketClient c(server->port());
  c.connect({{"login", "harry"}, {"passcode", "alohomora"}});
  c.send("SEND", {{"destination", "/queue/ron"}}, "x");
  EXPECT_EQ(c.expect("ERROR").header("message"), "not allowed");
}

TEST_F(Permissions, HoldForWhatOthersAreAskedToWrite) {
  start();
  auto c = harry();
  c.publish("/queue/harry", "x", {{"reply-to", "/queue/harry.answers"}});
  c.send("SEND", {{"destination", "/queue/harry"}, {"reply-to", "/queue/ron"}}, "x");
  EXPECT_THAT(c.expect_error("not allowed").body, HasSubstr("write /queue/ron"));
}

TEST_F(Permissions, LeaveTemporaryQueuesToTheirSession) {
  start();
  auto c = harry();
  c.publish("/queue/harry", "x", {{"reply-to", "/temp-queue/answers"}});
  c.subscribe("/queue/harry");
  const auto answer_to = c.message().header("reply-to");
  auto other = harry();
  other.publish(answer_to, "an answer");
  EXPECT_EQ(c.message().body, "an answer");
  other.send("SUBSCRIBE", {{"destination", answer_to}, {"id", "1"}});
  other.expect_error("not yours");
}

TEST_F(Permissions, LetAPatternHearWhatMayBeReadOfIt) {
  start();
  auto c = harry();
  c.subscribe("/topic/>");
  publish("/topic/other", "other");
  publish("/topic/news.secret", "secret");
  publish("/topic/news.today", "today");
  publish("/topic/news.later", "made afterwards");
  publish("/topic/gossip", "made afterwards, and not for him");
  publish("/topic/news.today", "more");
  EXPECT_THAT(c.bodies(3), ElementsAre("today", "made afterwards", "more"));
  c.nothing_came();
}

TEST_F(Permissions, RefuseAPatternToWhoMayReadNothing) {
  settings.permissions.front().read.clear();
  start();
  auto c = harry();
  c.send("SUBSCRIBE", {{"destination", "/topic/>"}, {"id", "1"}});
  c.expect_error("not allowed");
}

TEST_F(Permissions, DoNotBindTheAdministratorsPort) {
  config::ListenerSettings admin;
  admin.name = "admin";
  admin.admin = true;
  settings.listeners.push_back(admin);
  start();
  StompClient c(server->port(1));
  c.connect("1.2", {{"login", "harry"}, {"passcode", "alohomora"}});
  c.publish("/queue/ron", "x");
}

}  // namespace
}  // namespace romp::integration
