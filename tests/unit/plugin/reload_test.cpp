// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "plugin/host.hpp"
#include "plugin/instance.hpp"
#include "unit/plugin/fake_gateway.hpp"
#include "unit/plugin/scripted_plugin.hpp"

namespace romp::plugin::test {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ReloadTest : public testing::Test {
 protected:
  ReloadTest() {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    dir = fs::path(testing::TempDir()) / (std::string("romp_reload_test_") + info->name());
    fs::remove_all(dir);
    fs::create_directories(dir);
    fs::permissions(dir, fs::perms::owner_all);
    settings.plugin_dir = dir.string();
    notes = dir / "notes";
  }
  ~ReloadTest() override {
    host.reset();
    fs::remove_all(dir);
  }

  /// As a package does it: a new file takes the name.
  void install(const std::string& name, const std::string& as = {}) {
    const auto to = dir / ((as.empty() ? name : as) + ".so");
    fs::copy_file(fs::path(ROMP_TEST_PLUGINS) / (name + ".so"), dir / "new");
    fs::permissions(dir / "new", fs::perms::owner_all);
    fs::rename(dir / "new", to);
  }
  config::PluginSettings& lifecycle(const std::string& name) {
    auto& s = settings.plugins.emplace_back();
    s.name = name;
    s.file = "lifecycle.so";
    s.values["file"] = {notes.string(), "romp.ini", 4};
    return s;
  }
  void start() {
    host = std::make_unique<Host>(settings, gateway);
    ASSERT_THAT(host->load(), IsEmpty());
    ASSERT_THAT(host->start(), IsEmpty());
    gateway.run_all();
  }
  Host::Reloaded reload() {
    auto done = host->reload(settings);
    gateway.run_all();
    return done;
  }
  std::vector<std::string> noted() {
    std::ifstream in(notes);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    fs::remove(notes);
    return lines;
  }
  Outcome send(Peer& peer, const char* destination = "/t/lifecycle") {
    shot = Shot::make(peer);
    shot->with("destination", destination);
    return host->chain().run(ROMP_STAGE_FRAME, shot->call);
  }

  fs::path dir;
  fs::path notes;
  config::Settings settings;
  FakeGateway gateway;
  std::unique_ptr<Host> host;
  std::shared_ptr<Shot> shot;
};

TEST_F(ReloadTest, LeavesAloneWhatHasNotChanged) {
  install("lifecycle");
  lifecycle("a");
  start();
  const auto filters = host->chain().filters().size();
  noted();
  settings.plugins[0].where = "elsewhere:9";
  settings.plugins[0].values["file"].line = 44;
  const auto done = reload();
  EXPECT_THAT(done.changes, IsEmpty());
  EXPECT_THAT(done.problems, IsEmpty());
  EXPECT_THAT(noted(), IsEmpty());
  EXPECT_EQ(host->chain().filters().size(), filters);
}

TEST_F(ReloadTest, StartsTheNewOneBeforeTheOldOneEnds) {
  install("lifecycle");
  lifecycle("a");
  start();
  noted();
  settings.plugins[0].budget = std::chrono::milliseconds(7);
  EXPECT_THAT(reload().changes, ElementsAre("plugin a: exchanged"));
  EXPECT_THAT(noted(), ElementsAre("a create", "a start", "a stop", "a timer cancelled",
                                   "a destroy", "a task"));
  Peer peer;
  EXPECT_EQ(send(peer).verdict, ROMP_HANDLED);
}

TEST_F(ReloadTest, DropsTheSlotsOfTheOldOne) {
  install("lifecycle");
  lifecycle("a");
  start();
  Peer peer;
  send(peer);
  gateway.peers = {&peer};
  noted();
  settings.plugins[0].budget = std::chrono::milliseconds(7);
  reload();
  EXPECT_THAT(noted(), Contains("a drop_slot"));
  send(peer);
  EXPECT_THAT(noted(), ElementsAre("a first frame"));
}

TEST_F(ReloadTest, AFailingNewOneLeavesTheOldOneInPlace) {
  install("lifecycle");
  lifecycle("a");
  start();
  noted();
  settings.plugins[0].values["fiel"] = {"x", "romp.ini", 5};
  const auto done = reload();
  EXPECT_THAT(done.changes, IsEmpty());
  EXPECT_THAT(done.problems, ElementsAre(HasSubstr("unknown key; did you mean \"file\"? (the "
                                                   "running one stays)")));
  Peer peer;
  EXPECT_EQ(send(peer).verdict, ROMP_HANDLED);
  EXPECT_THAT(noted(), ElementsAre("a first frame"));
}

TEST_F(ReloadTest, ANewFileThatFailsInCreateLeavesTheOldOneInPlace) {
  install("returns_77", "x");
  start();
  install("create_fails", "x");
  const auto done = reload();
  // Without a section the instance takes its name from the file, so these are two.
  EXPECT_THAT(done.problems, ElementsAre(HasSubstr("unbalanced '('")));
}

TEST_F(ReloadTest, TakesFilesThatAppearedAndLetsGoOfThoseThatVanished) {
  install("returns_77");
  start();
  EXPECT_EQ(host->chain().filters().size(), 1U);
  install("defer_forever");
  EXPECT_THAT(reload().changes, ElementsAre("plugin defer-forever: started"));
  EXPECT_EQ(host->chain().filters().size(), 2U);
  fs::remove(dir / "returns_77.so");
  EXPECT_THAT(reload().changes, ElementsAre("plugin returns-77: ended"));
  EXPECT_EQ(host->chain().filters().size(), 1U);
  EXPECT_EQ(host->instances().size(), 1U);
}

TEST_F(ReloadTest, AFileThatHasBecomeBadStaysAsItWas) {
  install("returns_77");
  start();
  std::ofstream(dir / "new") << "hello";
  fs::permissions(dir / "new", fs::perms::owner_all);
  fs::rename(dir / "new", dir / "returns_77.so");
  const auto done = reload();
  EXPECT_THAT(done.changes, IsEmpty());
  EXPECT_THAT(done.problems, ElementsAre(HasSubstr("returns_77.so: not an ELF file")));
  EXPECT_EQ(host->chain().filters().size(), 1U);
}

TEST_F(ReloadTest, AFileThatWasRenamedOverIsLoadedNextToTheOldOne) {
  install("returns_77");
  start();
  const auto* old = &host->instances().at(0)->descriptor();
  install("returns_77");
  EXPECT_THAT(reload().changes, ElementsAre("plugin returns-77: exchanged"));
  EXPECT_NE(&host->instances().at(0)->descriptor(), old);
}

TEST_F(ReloadTest, AFileThatWasChangedInPlaceIsRefused) {
  install("returns_77");
  start();
  fs::last_write_time(dir / "returns_77.so",
                      fs::last_write_time(dir / "returns_77.so") + std::chrono::seconds(5));
  EXPECT_THAT(reload().problems,
              ElementsAre("returns_77.so: it was changed in place since it was loaded: replace it "
                          "by renaming another over it (the running one stays)"));
}

TEST_F(ReloadTest, ASectionThatIsTurnedOffEndsItsInstance) {
  install("lifecycle");
  lifecycle("a");
  start();
  noted();
  settings.plugins[0].enabled = false;
  EXPECT_THAT(reload().changes, ElementsAre("plugin a: ended"));
  EXPECT_THAT(noted(), ElementsAre("a stop", "a timer cancelled", "a destroy"));
  settings.plugins[0].enabled = true;
  EXPECT_THAT(reload().changes, ElementsAre("plugin a: started"));
}

TEST_F(ReloadTest, TheOldOneWaitsForTheFramesItHasDeferred) {
  install("defer_forever");
  start();
  Peer peer;
  ASSERT_EQ(send(peer, "/t/forever").verdict, ROMP_DEFER);
  const auto id = shot->call.deferred;
  install("defer_forever");
  EXPECT_THAT(reload().changes, ElementsAre("plugin defer-forever: exchanged"));
  EXPECT_TRUE(gateway.resumed.empty());
  EXPECT_EQ(host->time_out(id), "timed out in plugin defer-forever");
  host->tend();
  EXPECT_TRUE(gateway.resumed.empty());
}

TEST_F(ReloadTest, TheOldOneWaitsForAFrameThatAWorkerHandedItJustBeforeItFollowed) {
  install("defer_forever");
  start();
  std::shared_ptr<const Chain> old;
  host->follow(old);
  Peer peer;
  shot = Shot::make(peer);
  shot->with("destination", "/t/forever");
  gateway.last_turn = [&] { old->run(ROMP_STAGE_FRAME, shot->call); };
  install("defer_forever");
  EXPECT_THAT(reload().changes, ElementsAre("plugin defer-forever: exchanged"));
  ASSERT_NE(shot->call.deferred, 0);
  EXPECT_TRUE(gateway.resumed.empty());
}

class ExclusiveReload : public ReloadTest {
 protected:
  ExclusiveReload() {
    install("exclusive");
    settings.plugins.emplace_back().name = "exclusive";
  }
  void expect_that_it_works() {
    Peer peer;
    EXPECT_EQ(send(peer, "/t/exclusive").verdict, ROMP_HANDLED);
  }
  void value(const char* text) { settings.plugins[0].values["value"] = {text, "romp.ini", 4}; }
};

TEST_F(ExclusiveReload, AnInstanceThatCanTakesNewKeysWhileItRuns) {
  start();
  value("other");
  const auto* before = host->instances().at(0);
  EXPECT_THAT(reload().changes, ElementsAre("plugin exclusive: reconfigured"));
  EXPECT_EQ(host->instances().at(0), before);
  EXPECT_THAT(reload().changes, IsEmpty());
}

TEST_F(ExclusiveReload, OneThatRefusesNewKeysKeepsTheOldOnes) {
  start();
  value("bad");
  EXPECT_THAT(reload().problems, ElementsAre(HasSubstr("reconfigure failed (-1): a bad value (the "
                                                       "running one stays)")));
  expect_that_it_works();
}

TEST_F(ExclusiveReload, TheOldOneStopsBeforeTheNewOneStarts) {
  start();
  value("new");
  const auto done = reload();
  EXPECT_THAT(done.problems, IsEmpty());
  EXPECT_THAT(done.changes, ElementsAre("plugin exclusive: exchanged"));
  expect_that_it_works();
}

TEST_F(ExclusiveReload, TheOldOneIsBroughtBackWhenTheNewOneFails) {
  start();
  value("bad");
  settings.plugins[0].budget = std::chrono::milliseconds(7);  // so that it is not only keys
  const auto done = reload();
  EXPECT_THAT(done.problems, ElementsAre(HasSubstr("create failed (-1): a bad value"),
                                         HasSubstr("the old one has been brought back")));
  expect_that_it_works();
}

TEST_F(ReloadTest, ADirectoryThatHasBecomeUnsafeChangesNothing) {
  install("returns_77");
  start();
  fs::permissions(dir, fs::perms::all);
  EXPECT_THAT(reload().problems, ElementsAre(HasSubstr("is writable by group or others")));
  EXPECT_EQ(host->chain().filters().size(), 1U);
}

TEST_F(ReloadTest, AWalkGoesOnBehindItsFilterInAnotherChain) {
  ScriptedPlugin a("a");
  ScriptedPlugin b("b");
  Deferrals deferrals;
  const auto answer = [](const romp_ctx*, romp_frame*) { return ROMP_CONTINUE; };
  auto late = usual();
  late.priority = 9;
  a.filter(usual(), answer).filter(late, answer);
  b.filter(usual(), answer);
  ASSERT_EQ(a.load({gateway, deferrals}), "");
  ASSERT_EQ(b.load({gateway, deferrals}, 1), "");
  const auto& first = a.instance->filters()[0];
  const auto& mine = b.instance->filters()[0];
  const Chain all({first, a.instance->filters()[1], mine});
  const Chain without_first({a.instance->filters()[1], mine});
  const auto standing = Chain::standing_of(first);
  EXPECT_EQ(all.behind(ROMP_STAGE_FRAME, stomp::Command::send, standing), 1U);
  EXPECT_EQ(without_first.behind(ROMP_STAGE_FRAME, stomp::Command::send, standing), 0U);
  EXPECT_EQ(Chain().behind(ROMP_STAGE_FRAME, stomp::Command::send, standing), 0U);
}

}  // namespace
}  // namespace romp::plugin::test
