// SPDX-License-Identifier: Apache-2.0
// SIGHUP and the configuration of users and permissions, in the daemon itself.
#include <gmock/gmock.h>

#include <csignal>
#include <filesystem>

#include "auth/password_hash.hpp"
#include "support/broker_process.hpp"
#include "support/eventually.hpp"
#include "support/stomp_client.hpp"

namespace romp::integration {
namespace {

using support::BrokerProcess;
using support::eventually;
using support::Headers;
using support::StompClient;
using testing::HasSubstr;
using testing::Not;

const Headers as_harry{{"login", "harry"}, {"passcode", "alohomora"}};
const Headers as_ron{{"login", "ron"}, {"passcode", "alohomora"}};

class UsersAtReload : public testing::Test {
 protected:
  UsersAtReload() {
    write_users("harry:" + hash + "\n");
    write_ini("");
  }
  void write_users(const std::string& text) const {
    const auto path = directory.write("romp.passwd", text);
    std::filesystem::permissions(path, std::filesystem::perms::owner_read);
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  }
  void write_ini(const std::string& more) const {
    directory.write("romp.ini", "[server]\nports = 0\nuser_file = " +
                                    (directory.path() / "romp.passwd").string() + "\n" + more);
  }
  std::string ini() const { return (directory.path() / "romp.ini").string(); }
  BrokerProcess listening() const {
    BrokerProcess broker({"-c", ini()});
    (void)broker.port();
    return broker;
  }
  static void hang_up(const BrokerProcess& broker, const std::string& until) {
    broker.signal(SIGHUP);
    EXPECT_TRUE(eventually([&] { return broker.log().find(until) != std::string::npos; }))
        << broker.log();
  }
  static StompClient connect(const BrokerProcess& broker, const Headers& who) {
    StompClient client(broker.port());
    client.connect("1.2", who);
    return client;
  }
  static void refuse(const BrokerProcess& broker, const Headers& who) {
    StompClient client(broker.port());
    Headers all{{"accept-version", "1.2"}};
    all.insert(all.end(), who.begin(), who.end());
    client.send("CONNECT", all);
    client.expect_error("login refused");
  }

  support::TemporaryDirectory directory;
  const std::string hash = auth::hash_password("alohomora");
};

TEST_F(UsersAtReload, AreExchanged) {
  const auto broker = listening();
  auto harry = connect(broker, as_harry);
  refuse(broker, as_ron);
  write_users("ron:" + hash + "\n");
  hang_up(broker, "reloaded:");
  connect(broker, as_ron);
  refuse(broker, as_harry);
  harry.publish("/queue/a", "who is in stays in");
}

TEST_F(UsersAtReload, StayAsTheyWereWhereTheFileHasProblems) {
  const auto broker = listening();
  write_users("ron:" + hash + "\nharry:secret-word\nx\n");
  hang_up(broker, "nothing has been changed");
  EXPECT_THAT(broker.log(), HasSubstr("romp.passwd:2: harry has no hash"));
  EXPECT_THAT(broker.log(), HasSubstr("romp.passwd:3:"));
  EXPECT_THAT(broker.log(), Not(HasSubstr("secret-word")));
  connect(broker, as_harry);
  refuse(broker, as_ron);
}

TEST_F(UsersAtReload, StayAsTheyWereWhereTheFileHasGone) {
  const auto broker = listening();
  connect(broker, as_harry);
  std::filesystem::remove(directory.path() / "romp.passwd");
  hang_up(broker, "nothing has been changed");
  connect(broker, as_harry);
}

TEST_F(UsersAtReload, LoseWhatPermissionsForbidThen) {
  const auto broker = listening();
  auto reader = connect(broker, as_harry);
  reader.subscribe("/queue/a");
  auto writer = connect(broker, as_harry);
  writer.publish("/queue/b", "x");
  write_ini("[permission all]\nusers = *\nwrite = /queue/*, !/queue/b\nread = /queue/b\n");
  hang_up(broker, "reloaded:");
  EXPECT_THAT(reader.expect_error("permissions changed").body, HasSubstr("/queue/a"));
  writer.send("SEND", {{"destination", "/queue/b"}}, "x");
  writer.expect_error("not allowed");
}

TEST_F(UsersAtReload, LeaveNoPasswordInTheLog) {
  write_ini("log_level = trace\n");
  const auto broker = listening();
  refuse(broker, {{"login", "harry"}, {"passcode", "open-sesame"}});
  refuse(broker, {{"login", "a\nromp[1]: harry logged in"}, {"passcode", "open-sesame"}});
  EXPECT_THAT(broker.log(), HasSubstr("login of \"harry\" from 127.0.0.1"));
  EXPECT_THAT(broker.log(), Not(HasSubstr("open-sesame")));
  EXPECT_THAT(broker.log(), Not(HasSubstr("\nromp[1]")));
}

TEST_F(UsersAtReload, AreCheckedWithTheConfiguration) {
  write_users("ron\nharry:" + hash + "\nx:" + std::string(64, 'a') + "\n");
  const auto outcome = BrokerProcess::run({"-c", ini(), "--check-config"});
  EXPECT_EQ(outcome.status, 78);
  EXPECT_THAT(outcome.log, HasSubstr("romp.passwd:1: ron has no hash"));
  write_users("x:" + std::string(64, 'a') + "\n");
  const auto old = BrokerProcess::run({"-c", ini(), "--check-config"});
  EXPECT_EQ(old.status, 0);
  EXPECT_THAT(old.log, HasSubstr("romp.passwd:1: x has an old hash"));
}

class Explained : public UsersAtReload {
 protected:
  BrokerProcess::Outcome explain(const std::string& user, const std::string& verb,
                                 const std::string& destination) const {
    return BrokerProcess::run({"-c", ini(), "--explain-permission", user, verb, destination});
  }
};

TEST_F(Explained, IsWhichLineDecides) {
  write_users("harry:" + hash + ":clerk\nboss:" + hash + ":true\n");
  write_ini("[permission clerks]\nroles = clerk\nread = /queue/*, !/queue/secret\n");
  const auto allowed = explain("harry", "read", "/queue/a");
  EXPECT_EQ(allowed.status, 0);
  EXPECT_THAT(allowed.output, HasSubstr("harry may read /queue/a"));
  EXPECT_THAT(allowed.output, HasSubstr("romp.ini:6: [permission clerks] read = /queue/*"));
  const auto forbidden = explain("harry", "read", "/queue/secret");
  EXPECT_EQ(forbidden.status, 1);
  EXPECT_THAT(forbidden.output, HasSubstr("harry may not read /queue/secret"));
  EXPECT_THAT(forbidden.output, HasSubstr("read = !/queue/secret"));
  EXPECT_THAT(explain("ron", "write", "/queue/a").output, HasSubstr("no section allows it"));
  EXPECT_THAT(explain("boss", "write", "/queue/a").output, HasSubstr("administrator"));
}

TEST_F(Explained, NeedsAVerbThatThereIs) {
  const auto outcome = explain("harry", "frobnicate", "/queue/a");
  EXPECT_EQ(outcome.status, 64);
  EXPECT_THAT(outcome.log, HasSubstr("read, write, create or admin"));
}

}  // namespace
}  // namespace romp::integration
