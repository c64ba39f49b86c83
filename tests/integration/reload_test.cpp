// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "integration/broker_with_plugins.hpp"

namespace romp::integration {
namespace {

namespace fs = std::filesystem;

constexpr int swaps = 100;

class Reload : public BrokerWithPlugins {};

std::string stamping(int generation) {
  return "[plugin.probe]\nstage = 3\ndestination = /queue/*\nset = generation=" +
         std::to_string(generation) + "\n";
}

TEST_F(Reload, SwapsAPluginAHundredTimesAndEveryFrameComesOnceInOrderAndStamped) {
  install("test-plugins/probe.so");
  run(stamping(0));
  auto consumer = client();
  consumer.subscribe("/queue/a");
  std::atomic<bool> done{false};
  int sent = 0;
  std::jthread producer([&] {
    auto c = client();
    while (!done) {
      c.complete("SEND", {{"destination", "/queue/a"}}, std::to_string(sent++));
    }
    c.complete("SEND", {{"destination", "/queue/a"}}, "the end");
  });
  std::jthread swapper([&] {
    for (int generation = 1; generation <= swaps; ++generation) {
      // One in ten is a new file, the others are new keys.
      if (generation % 10 == 0) install("test-plugins/probe.so");
      write(stamping(generation));
      reload();
    }
    done = true;
  });
  // Read as they come: where swapping takes long, more are sent than a queue holds.
  std::vector<std::pair<std::string, std::string>> came;  // body and stamp
  do {
    const auto frame = consumer.message();
    came.emplace_back(frame.body, frame.header("generation"));
  } while (came.back().first != "the end");
  swapper.join();
  producer.join();
  came.pop_back();
  ASSERT_EQ(came.size(), static_cast<std::size_t>(sent));
  int last_generation = 0;
  std::set<int> generations;
  for (int i = 0; i < sent; ++i) {
    const auto& [body, stamp] = came[static_cast<std::size_t>(i)];
    ASSERT_EQ(body, std::to_string(i));
    ASSERT_FALSE(stamp.empty()) << "frame " << i << " passed no filter";
    const int generation = std::stoi(stamp);
    ASSERT_GE(generation, last_generation);
    last_generation = generation;
    generations.insert(generation);
  }
  consumer.nothing_came();
  EXPECT_EQ(count("plugin probe: exchanged"), swaps);
  EXPECT_GT(generations.size(), static_cast<std::size_t>(swaps / 4));
}

TEST_F(Reload, SwapsWhileFramesAreDeferredAndLosesNone) {
  install("test-plugins/probe.so");
  const auto deferring = [](int i) {
    return "[plugin.probe]\nverdict = 3\ndestination = /queue/*\nreject = " + std::to_string(i) +
           "\n";
  };
  run(deferring(0));
  auto c = client();
  c.subscribe("/queue/a");
  constexpr int rounds = 20;
  constexpr int frames = 50;
  for (int round = 1; round <= rounds; ++round) {
    for (int i = 0; i < frames; ++i) {
      c.send("SEND", {{"destination", "/queue/a"}}, std::to_string(round * frames + i));
    }
    write(deferring(round));
    reload();
    for (int i = 0; i < frames; ++i) {
      ASSERT_EQ(c.message().body, std::to_string(round * frames + i));
    }
  }
  c.nothing_came();
}

TEST_F(Reload, TakesUpAPluginThatWasDroppedIntoTheDirectory) {
  run("");
  auto c = client();
  install("plugins/ping.so");
  reload();
  c.send("SEND", {{"destination", "/virt/ping"}}, "x");
  EXPECT_EQ(c.message().body, "pong");
  fs::remove(plugins / "ping.so");
  reload();
  EXPECT_EQ(count("plugin ping: ended"), 1);
}

TEST_F(Reload, EndsAPluginWhoseFileIsGoneWhenItsSectionIsOptional) {
  install("plugins/ping.so");
  run("[plugin ping]\noptional = yes\n");
  fs::remove(plugins / "ping.so");
  reload();
  EXPECT_EQ(count("plugin ping: ended"), 1);
  EXPECT_EQ(count("reloaded: 1 changes, 0 problems"), 1);
}

TEST_F(Reload, LeavesEverythingWhenTheConfigurationIsWrong) {
  install("plugins/ping.so");
  run("");
  auto c = client();
  write("[server]\nprots = 1\n");
  broker->signal(SIGHUP);
  ASSERT_TRUE(eventually([&] { return count("nothing has been changed") == 1; }));
  EXPECT_EQ(count("did you mean"), 1);
  c.send("SEND", {{"destination", "/virt/ping"}}, "x");
  EXPECT_EQ(c.message().body, "pong");
}

TEST_F(Reload, SaysWhatWaitsForARestart) {
  run("");
  write("[stomp]\nmax_subs = 7\n");
  reload();
  EXPECT_EQ(count("[stomp] max_subs takes effect at the next start"), 1);
}

TEST_F(Reload, ACrashIsReportedWithItsPlugin) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "NOT CHECKED: the sanitizer reports crashes itself";
#endif
  install("test-plugins/crash_frame.so");
  run("");
  auto c = client();
  c.send("SEND", {{"destination", "/t/crash"}}, "x");
  EXPECT_GT(broker->exit_status(), 128);
  EXPECT_EQ(count("romp crashes with SIG"), 1);
  EXPECT_EQ(count("in plugin crash-frame, filter tiny"), 1);
}

TEST_F(Reload, TheJournalSkipsAPluginThatTheBrokerDidNotSurvive) {
  install("test-plugins/crash_create.so");
  install("plugins/ping.so");
  const auto journal = "journal = " + (directory.path() / "journal").string() + "\n";
  write(journal);
  EXPECT_GT(BrokerProcess::run({"-c", ini()}).status, 128);
  run(journal);
  EXPECT_EQ(count("crash_create.so: skipped, since the broker did not survive it"), 1);
  auto c = client();
  c.send("SEND", {{"destination", "/virt/ping"}}, "x");
  EXPECT_EQ(c.message().body, "pong");
}

TEST_F(Reload, TheProbeRefusesWhatWouldHaveEndedTheBroker) {
  install("test-plugins/crash_create.so");
  install("test-plugins/exit_constructor.so");
  write("", "yes");
  const auto outcome = BrokerProcess::run({"-c", ini()});
  EXPECT_EQ(outcome.status, 78);
  EXPECT_THAT(outcome.log, HasSubstr("crash_create.so: probe: crashed with SIGABRT in create"));
  EXPECT_THAT(outcome.log, HasSubstr("exit_constructor.so: probe: the file called exit(1); it "
                                     "printed: ERROR: flag 'x' was defined more than once"));
}

}  // namespace
}  // namespace romp::integration
