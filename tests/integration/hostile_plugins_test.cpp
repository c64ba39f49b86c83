// SPDX-License-Identifier: Apache-2.0
// Plugins that break the rules while frames flow: the broker goes on, and says who it was.
#include "integration/broker_with_plugins.hpp"

namespace romp::integration {
namespace {

class Hostile : public BrokerWithPlugins {
 protected:
  /// `options` are keys of [plugins].
  void run_with(const std::string& name, const std::string& keys = {},
                const std::string& options = {}) {
    install("test-plugins/" + name + ".so");
    run(options + "[plugin." + name + "]\n" + keys);
  }
  /// The ERROR that a SEND there leads to; the session must go on.
  std::string error_of(const std::string& destination) {
    auto c = client();
    c.send("SEND", {{"destination", destination}, {"receipt", "r"}}, "x");
    const auto error = c.expect("ERROR");
    c.round_trip();
    return std::string(error.header("message"));
  }
  void handled(const std::string& destination) const {
    auto c = client();
    c.complete("SEND", {{"destination", destination}}, "x");
  }
  void says(const std::string& text) {
    EXPECT_TRUE(eventually([&] { return count(text) > 0; })) << text << "\n" << broker->log();
  }
  void ends_in_order() {
    broker->signal(SIGTERM);
    EXPECT_EQ(broker->exit_status(), 0) << broker->log();
  }
};

TEST_F(Hostile, AFilterThatThrowsFailsClosed) {
  run_with("throws");
  EXPECT_THAT(error_of("/t/throw"), HasSubstr("\"throws\" failed"));
  says("filter throws threw an exception");
  ends_in_order();
}

TEST_F(Hostile, ALayerThatThrowsSaysWhat) {
  run_with("throws_in_layer");
  EXPECT_THAT(error_of("/t/fault"), HasSubstr("failed"));
  says("failed (-13): thrown");
  ends_in_order();
}

TEST_F(Hostile, AVerdictThatIsNoneFailsClosed) {
  run_with("returns_77");
  EXPECT_THAT(error_of("/t/77"), HasSubstr("failed"));
  says("returned 77, which is no verdict");
}

TEST_F(Hostile, ADeferThatWasNotDeclaredIsRefused) {
  run_with("defer_undeclared");
  EXPECT_THAT(error_of("/t/defer"), HasSubstr("failed"));
  says("defer: -4");
  says("returned DEFER without ROMP_FILTER_MAY_DEFER");
}

TEST_F(Hostile, ADeferWithoutDeferIsRefused) {
  run_with("defer_silent");
  EXPECT_THAT(error_of("/t/silent"), HasSubstr("failed"));
  says("returned DEFER without defer()");
}

TEST_F(Hostile, ASecondResumeIsTooLate) {
  run_with("resume_twice");
  handled("/t/twice");
  says("first resume: 0");
  says("second resume: -3");
  ends_in_order();
}

TEST_F(Hostile, AFilterThatIsAddedLateIsRefused) {
  run_with("add_late");
  auto c = client();
  c.send("SEND", {{"destination", "/t/add"}}, "x");
  says("add_filter: -12");
}

TEST_F(Hostile, CallsFromAWrongThreadAreRefused) {
  run_with("wrong_thread");
  says("config_get: -11");
  says("metric_define: -1");
  ends_in_order();
}

TEST_F(Hostile, ASessionThatHasGoneStaysGone) {
  run_with("keep_session");
  {
    auto c = client();
    c.send("SEND", {{"destination", "/t/keep"}}, "x");
    c.message();
  }
  says("session_send: -3");
  ends_in_order();
}

TEST_F(Hostile, MillionsOfSendsToSessionsThatThereAreNotHarmNobody) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  run_with("dead_sessions", "count = 1000000\n");
  const auto* all = "gone: 1000000";
#else
  run_with("dead_sessions");
  const auto* all = "gone: 10000000";
#endif
  handled("/t/dead");
  auto c = client();
  c.round_trip();
  says(all);
  ends_in_order();
}

TEST_F(Hostile, PublishingToTheOwnFilterDoesNotGoRound) {
  run_with("publish_loop");
  auto c = client();
  c.complete("SEND", {{"destination", "/t/loop"}}, "x");
  EXPECT_EQ(count("plugin publish_loop: publish: "), 1);
}

TEST_F(Hostile, AMillionTasksAreBounded) {
  run_with("many_tasks");
  handled("/t/many");
  auto c = client();
  c.round_trip();
  ends_in_order();
}

TEST_F(Hostile, AThreadThatIsLeftBehindHearsThatItIsGone) {
  run_with("after_destroy");
  write("[plugin.after_destroy]\nenabled = no\n");
  reload();
  EXPECT_EQ(count("plugin after_destroy: ended"), 1);
  client().round_trip();
  ends_in_order();
}

TEST_F(Hostile, AFilterThatBlocksIsCountedAgainstItsBudgetAndNamedWhenItIsStuck) {
  run_with("slow", "for = 3s\n", "stuck_after = 500ms\n");
  auto c = client();
  c.send("SEND", {{"destination", "/t/slow"}}, "x");
  says("plugin slow: filter tiny has not returned for");
}

TEST_F(Hostile, AStuckPluginMayEndTheBroker) {
  run_with("slow", "for = 1h\n", "stuck_after = 500ms\non_stuck = abort\n");
  auto c = client();
  c.send("SEND", {{"destination", "/t/slow"}}, "x");
  EXPECT_EQ(broker->exit_status(), 128 + SIGABRT);
  says("on_stuck = abort: the broker ends");
}

TEST_F(Hostile, OneThatFailsAllTheTimeIsNotAskedAnyMore) {
  run_with("returns_77", "max_faults = 3\nfault_window = 1h\n");
  for (int i = 0; i < 5; ++i) EXPECT_THAT(error_of("/t/77"), HasSubstr("failed"));
  EXPECT_EQ(count("returned 77"), 3);
  says("it failed 3 times in 3600 s");
}

TEST_F(Hostile, TwoHundredPluginsLoadAndEnd) {
  std::string sections;
  for (int i = 0; i < 200; ++i) {
    sections += "[plugin.p" + std::to_string(i) + "]\nfile = probe.so\ndestination = /t/" +
                std::to_string(i) + "\nverdict = 1\n";
  }
  install("test-plugins/probe.so");
  run(sections);
  handled("/t/0");
  handled("/t/199");
  ends_in_order();
}

}  // namespace
}  // namespace romp::integration
