// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <map>

#include "integration/server_test.hpp"
#include "server/server.hpp"
#include "support/temporary_directory.hpp"

namespace romp::integration {
namespace {

namespace fs = std::filesystem;

/// A broker with the plugins that a test picks, each with the keys it gives.
class Plugins : public ServerTest {
 protected:
  void plugin(const std::string& file, const std::map<std::string, std::string>& keys = {}) {
    const fs::path from = fs::path(ROMP_PLUGIN_DIRS) / file;
    fs::copy_file(from, directory.path() / from.filename());
    fs::permissions(directory.path() / from.filename(), fs::perms(0644));
    config::PluginSettings section;
    section.name = from.stem();
    for (const auto& [key, value] : keys) section.values[key] = {value, "test.ini", 1};
    settings.plugins.push_back(section);
    settings.plugin_dir = directory.path();
  }

  support::TemporaryDirectory directory;
};

TEST_F(Plugins, AnswerTheSender) {
  plugin("plugins/ping.so");
  start();
  auto c = connect();
  c.send("SEND", {{"destination", "/virt/ping"}, {"receipt", "r"}}, "x");
  EXPECT_EQ(c.message().body, "pong");
  EXPECT_EQ(c.expect("RECEIPT").header("receipt-id"), "r");
}

TEST_F(Plugins, RejectAFrameAndLeaveTheSession) {
  plugin("test-plugins/probe.so", {{"verdict", "2"}, {"reject", "not today"}});
  start();
  auto c = connect();
  c.send("SEND", {{"destination", "/t/probe"}, {"receipt", "r"}}, "x");
  const auto error = c.expect("ERROR");
  EXPECT_EQ(error.header("message"), "not today");
  EXPECT_EQ(error.header("receipt-id"), "r");
  c.round_trip();
}

TEST_F(Plugins, RejectForGoodAndEndTheSession) {
  plugin("test-plugins/probe.so", {{"verdict", "2"}, {"fatal", "yes"}});
  start();
  auto c = connect();
  c.send("SEND", {{"destination", "/t/probe"}}, "x");
  c.expect_error("probe says no");
}

/// The head of a SEND that /t/probe* filters see, and its body, which comes later.
const std::string large_body(1'000'000, 'x');
const std::string large_head = "SEND\ndestination:/t/probe\nreceipt:r\ncontent-length:1000000\n\n";

TEST_F(Plugins, RejectALargeFrameBeforeItsBodyComes) {
  plugin("test-plugins/probe.so", {{"early", "yes"}, {"verdict", "2"}, {"reject", "too much"}});
  start();
  auto c = connect();
  c.raw(large_head);
  const auto error = c.expect("ERROR");
  EXPECT_EQ(error.header("message"), "too much");
  EXPECT_EQ(error.header("receipt-id"), "r");
  c.raw(large_body + '\0');
  c.round_trip();
}

TEST_F(Plugins, HandleALargeFrameBeforeItsBodyComes) {
  plugin("test-plugins/probe.so", {{"early", "yes"}, {"verdict", "1"}});
  start();
  auto c = connect();
  c.raw(large_head);
  EXPECT_EQ(c.expect("RECEIPT").header("receipt-id"), "r");
  c.raw(large_body + '\0');
  c.round_trip();
}

TEST_F(Plugins, EndASessionBeforeALargeBodyComes) {
  plugin("test-plugins/probe.so", {{"early", "yes"}, {"verdict", "2"}, {"fatal", "yes"}});
  start();
  auto c = connect();
  c.raw(large_head + "the first octets");
  c.expect_error("probe says no");
}

TEST_F(Plugins, SeeALargeFrameOnce) {
  plugin("test-plugins/probe.so",
         {{"early", "yes"}, {"destination", "/queue/a"}, {"reply", "seen"}});
  start();
  auto c = connect();
  c.publish("/queue/a", large_body);
  c.subscribe("/queue/a");
  EXPECT_THAT(c.bodies(2), ElementsAre("seen", large_body));
  c.nothing_came();
}

TEST_F(Plugins, DeferALargeFrameWhenItIsWhole) {
  plugin("test-plugins/probe.so",
         {{"early", "yes"}, {"destination", "/queue/a"}, {"verdict", "3"}});
  start();
  auto c = connect();
  c.publish("/queue/a", large_body);
  c.subscribe("/queue/a");
  EXPECT_EQ(c.message().body, large_body);
}

TEST_F(Plugins, FailClosedWhenAVerdictIsUnknown) {
  plugin("test-plugins/returns_77.so");
  start();
  auto c = connect();
  c.send("SEND", {{"destination", "/t/77"}}, "x");
  EXPECT_THAT(c.expect("ERROR").header("message"), HasSubstr("returns_77"));
  c.round_trip();
}

TEST_F(Plugins, ChangeHeadersAndBodyBeforeTheyAreRouted) {
  plugin("test-plugins/probe.so", {{"stage", "3"},
                                   {"destination", "/queue/*"},
                                   {"set", "stamp=seen: twice"},
                                   {"body", "changed"}});
  start();
  auto c = connect();
  c.subscribe("/queue/a");
  c.publish("/queue/a", "original", {{"gone", "x"}});
  const auto message = c.message();
  EXPECT_EQ(message.header("stamp"), "seen: twice");
  EXPECT_EQ(message.body, "changed");
}

TEST_F(Plugins, SeeWhatIsSentAndMayChangeIt) {
  plugin("test-plugins/probe.so", {{"stage", "5"},
                                   {"commands", "131072"},  // MESSAGE
                                   {"destination", "/topic/*"},
                                   {"set", "outbound=yes"}});
  start();
  auto a = connect();
  auto b = connect("1.0");
  for (auto* c : {&a, &b}) c->subscribe("/topic/a");
  a.publish("/topic/a", "x");
  for (auto* c : {&a, &b}) EXPECT_EQ(c->message().header("outbound"), "yes");
}

TEST_F(Plugins, DeferAFrameAndLetItGoOnLater) {
  plugin("test-plugins/probe.so", {{"verdict", "3"}, {"destination", "/queue/*"}});
  start();
  auto c = connect();
  c.subscribe("/queue/a");
  for (const char* body : {"1", "2", "3"}) c.send("SEND", {{"destination", "/queue/a"}}, body);
  EXPECT_THAT(c.bodies(3), ElementsAre("1", "2", "3"));
}

TEST_F(Plugins, ThatNeverDecideAreGivenUpInTime) {
  settings.defer_timeout = std::chrono::milliseconds(100);
  plugin("test-plugins/defer_forever.so");
  start();
  auto c = connect();
  c.send("SEND", {{"destination", "/t/forever"}, {"receipt", "r"}}, "x");
  const auto error = c.expect("ERROR");
  EXPECT_THAT(error.header("message"), HasSubstr("timed out"));
  EXPECT_EQ(error.header("receipt-id"), "r");
  c.round_trip();
}

TEST_F(Plugins, OutliveASessionThatLeavesWhileItsFrameIsDeferred) {
  plugin("test-plugins/resume_later.so", {{"after", "50ms"}});
  start();
  for (int i = 0; i < 5; ++i) {
    auto gone = connect();
    gone.send("SEND", {{"destination", "/t/later"}}, "x");
  }
  auto c = connect();
  c.send("SEND", {{"destination", "/t/later"}, {"receipt", "r"}}, "x");
  c.expect_error();
}

/// `sender` comes in on one worker and moves to the other, where its consumer is.
class PluginsAndMoves : public Plugins {
 protected:
  void start_and_send_much() {
    settings.workers = 2;
    start();
    consumer.emplace(connect());
    sender.emplace(connect());
    consumer->subscribe("/queue/a");
    for (int i = 0; i < 64; ++i) sender->publish("/queue/a", "x");
    sender->round_trip();
  }

  std::optional<StompClient> consumer;
  std::optional<StompClient> sender;
};

TEST_F(PluginsAndMoves, AnswerTheSenderBeforeItsReceipt) {
  plugin("plugins/ping.so");
  start_and_send_much();
  ASSERT_EQ(server->moves(), 1U);
  sender->send("SEND", {{"destination", "/virt/ping"}, {"receipt", "r"}}, "x");
  EXPECT_EQ(sender->message().body, "pong");
  EXPECT_EQ(sender->expect("RECEIPT").header("receipt-id"), "r");
}

TEST_F(PluginsAndMoves, ResumeAFrameFromAnotherThread) {
  plugin("test-plugins/resume_later.so", {{"verdict", "1"}});
  start_and_send_much();
  ASSERT_EQ(server->moves(), 1U);
  sender->send("SEND", {{"destination", "/t/later"}, {"receipt", "r"}}, "x");
  EXPECT_EQ(sender->expect("RECEIPT").header("receipt-id"), "r");
}

TEST_F(PluginsAndMoves, SeeTheSessionInTheirList) {
  plugin("test-plugins/administrator.so");
  start_and_send_much();
  ASSERT_EQ(server->moves(), 1U);
  consumer->send("SEND", {{"destination", "/t/admin"}}, "sessions");
  std::string list;
  while (!list.starts_with("@")) list = consumer->message().body;
  EXPECT_EQ(std::ranges::count(list, '\n'), 2);
}

TEST_F(PluginsAndMoves, KeepASessionWhereTheyHaveSomethingOfIt) {
  plugin("test-plugins/probe.so", {{"destination", "/queue/a"}});
  start_and_send_much();
  EXPECT_EQ(server->moves(), 0U);
}

TEST_F(Plugins, DecideWhoMayComeIn) {
  plugin("test-plugins/auth.so", {{"secret", "sesame"}});
  start();
  connect("1.2", {{"login", "ali"}, {"passcode", "sesame"}}).round_trip();
  auto stranger = server->client();
  stranger.send("CONNECT", {{"accept-version", "1.2"}, {"host", "h"}, {"passcode", "x"}});
  stranger.expect_error();
}

TEST_F(Plugins, DecideLaterWhoMayComeIn) {
  plugin("test-plugins/auth.so", {{"secret", "sesame"}, {"defer", "yes"}});
  start();
  connect("1.2", {{"login", "ali"}, {"passcode", "sesame"}}).round_trip();
  auto stranger = server->client();
  stranger.send("CONNECT", {{"accept-version", "1.2"}, {"host", "h"}, {"passcode", "x"}});
  stranger.expect_error();
}

TEST_F(Plugins, SeeWhatAnAdministratorSees) {
  plugin("test-plugins/administrator.so");
  settings.login = "ali";
  settings.passcode = "sesame";
  start();
  auto c = connect("1.2", {{"login", "ali"}, {"passcode", "sesame"}});
  c.complete("SEND", {{"destination", "/queue/a"}}, "x");
  const auto told = [&](const std::string& what) {
    c.send("SEND", {{"destination", "/t/admin"}}, what);
    return c.message().body;
  };
  EXPECT_THAT(told("destinations"), "/queue/a 1\n");
  EXPECT_THAT(told("sessions"), testing::StartsWith("ali@127.0.0.1:"));
  EXPECT_THAT(told("settings"), HasSubstr("\nserver passcode=***\n"));
  EXPECT_THAT(told("instances"), "administrator administrator 2.1.0 Shows what the host has 1\n");
  EXPECT_THAT(told("filters"), "administrator filter-1 /t/admin 5\n");
  EXPECT_THAT(told("purge"), "1\n");
  EXPECT_THAT(told("destinations"), "/queue/a 0\n");
}

TEST_F(Plugins, ThatAreRefusedStopTheStartAndAllAreNamed) {
  plugin("test-plugins/no_note.so");
  plugin("test-plugins/create_fails.so");
  boost::asio::io_context control;
  server::Server broker(control, settings);
  EXPECT_THAT(broker.start(), testing::UnorderedElementsAre(HasSubstr("not a romp plugin"),
                                                            HasSubstr("unbalanced '('")));
}

}  // namespace
}  // namespace romp::integration
