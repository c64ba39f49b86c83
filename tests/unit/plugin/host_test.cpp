// SPDX-License-Identifier: Apache-2.0
#include "plugin/host.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "plugin/instance.hpp"
#include "plugin/interfaces.hpp"
#include "unit/plugin/fake_gateway.hpp"
#include "unit/plugin/scripted_plugin.hpp"

namespace romp::plugin::test {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A plugin directory of its own, with copies of the files that tests/plugins builds.
class HostTest : public testing::Test {
 protected:
  HostTest() {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    dir = fs::path(testing::TempDir()) / (std::string("romp_host_test_") + info->name());
    fs::remove_all(dir);
    fs::create_directories(dir);
    fs::permissions(dir, fs::perms::owner_all);
    settings.plugin_dir = dir.string();
    notes = dir / "notes";
  }
  ~HostTest() override {
    host.reset();
    fs::remove_all(dir);
  }

  void install(const std::string& name, const std::string& as = {}) {
    const auto to = dir / ((as.empty() ? name : as) + ".so");
    fs::copy_file(fs::path(ROMP_TEST_PLUGINS) / (name + ".so"), to);
    fs::permissions(to, fs::perms::owner_all);
  }
  config::PluginSettings& section(const std::string& name, const std::string& file = {}) {
    auto& s = settings.plugins.emplace_back();
    s.name = name;
    s.file = file;
    s.where = "romp.ini:3";
    return s;
  }
  config::PluginSettings& lifecycle(const std::string& name) {
    auto& s = section(name, "lifecycle.so");
    s.values["file"] = {notes.string(), "romp.ini", 4};
    return s;
  }
  std::vector<std::string> load() {
    host = std::make_unique<Host>(settings, gateway);
    return host->load();
  }
  /// What create says of a plugin that is alone.
  std::vector<std::string> load_only(const std::string& name) {
    install(name);
    return load();
  }
  std::vector<std::string> noted() const {
    std::ifstream in(notes);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
  }
  Outcome send(Peer& peer) {
    const auto shot = Shot::make(peer);
    shot->with("destination", "/t/lifecycle");
    return host->chain().run(ROMP_STAGE_FRAME, shot->call);
  }

  fs::path dir;
  fs::path notes;
  config::Settings settings;
  FakeGateway gateway;
  std::unique_ptr<Host> host;
};

TEST_F(HostTest, WithoutADirectoryThereAreNoPluginsAndNoProblems) {
  settings.plugin_dir.clear();
  EXPECT_THAT(load(), IsEmpty());
  EXPECT_THAT(host->start(), IsEmpty());
  EXPECT_THAT(host->lines(), IsEmpty());
  EXPECT_FALSE(host->chain().wants(ROMP_STAGE_FRAME, stomp::Command::send));
}

TEST_F(HostTest, BeforeLoadingTheChainIsEmpty) {
  const Host idle(settings, gateway);
  EXPECT_THAT(idle.chain().filters(), IsEmpty());
}

TEST_F(HostTest, InstancesStartInTheOrderOfTheirNamesAndStopInReverse) {
  install("lifecycle");
  lifecycle("west");
  lifecycle("east");
  ASSERT_THAT(load(), IsEmpty());
  ASSERT_THAT(host->start(), IsEmpty());
  host->stop();
  EXPECT_THAT(noted(), ElementsAre("east create", "west create", "east start", "west start",
                                   "west stop", "west task cancelled", "west timer cancelled",
                                   "west destroy", "east stop", "east task cancelled",
                                   "east timer cancelled", "east destroy"));
}

TEST_F(HostTest, FramesSlotsAndTasksReachTheInstance) {
  install("lifecycle");
  lifecycle("only");
  ASSERT_THAT(load(), IsEmpty());
  ASSERT_THAT(host->start(), IsEmpty());
  gateway.run_all();
  Peer peer;
  EXPECT_EQ(send(peer).verdict, ROMP_HANDLED);
  EXPECT_EQ(send(peer).verdict, ROMP_HANDLED);
  host->ended(peer);
  host->ended(peer);
  EXPECT_THAT(noted(), ElementsAre("only create", "only start", "only task", "only first frame",
                                   "only frame", "only drop_slot"));
}

TEST_F(HostTest, LinesDescribeWhatWasLoaded) {
  install("lifecycle");
  install("returns_77");
  lifecycle("east");
  ASSERT_THAT(load(), IsEmpty());
  EXPECT_THAT(host->lines(),
              ElementsAre("plugin east: lifecycle 1.0.0 (ABI 1.0): filters tiny on SEND "
                          "/t/lifecycle; capabilities frames",
                          HasSubstr("plugin returns-77 1.0.0 (ABI 1.0): filters tiny on SEND")));
}

TEST_F(HostTest, EveryProblemIsListedNotTheFirst) {
  install("create_fails");
  install("no_note");
  std::ofstream(dir / "text.so") << "hello";
  fs::permissions(dir / "text.so", fs::perms::owner_all);
  section("missing");
  const auto problems = load();
  EXPECT_EQ(problems.size(), 4U);
  EXPECT_THAT(problems, Contains(HasSubstr("text.so: not an ELF file")));
  EXPECT_THAT(problems, Contains("no_note.so: not a romp plugin: it carries no romp note (build it "
                                 "with ROMP_PLUGIN or ROMP_PLUGIN_CPP)"));
  EXPECT_THAT(problems,
              Contains("romp.ini:3 [plugin.missing]: missing.so is not in " + dir.string()));
  EXPECT_THAT(problems, Contains("create_fails.so: create failed (-1): key 'pattern': unbalanced "
                                 "'('"));
}

TEST_F(HostTest, ADirectoryThatOthersMayWriteIsRefused) {
  fs::permissions(dir, fs::perms::all);
  EXPECT_THAT(load(), ElementsAre("directory " + dir.string() +
                                  " is writable by group or others (mode 0777): refusing to load "
                                  "from it"));
}

TEST_F(HostTest, ConfigKeysAreCheckedBeforeCreate) {
  install("lifecycle");
  auto& s = section("x", "lifecycle.so");
  s.values["fiel"] = {"/notes", "romp.ini", 4};
  EXPECT_THAT(load(), ElementsAre("romp.ini:4 [plugin.x] fiel: unknown key; did you mean \"file\"?",
                                  "romp.ini:3 [plugin.x] file: missing key"));
  EXPECT_THAT(noted(), IsEmpty());
}

TEST_F(HostTest, CapabilitiesThatAreNotAllowedRefuseThePlugin) {
  install("lifecycle");
  auto& s = lifecycle("x");
  s.allow_all = false;
  s.allow = {"publish"};
  EXPECT_THAT(load(), ElementsAre("lifecycle.so [plugin.x]: plugin \"x\" wants: frames; the ini "
                                  "allows: publish"));
}

TEST_F(HostTest, TwoFilesWithOneIdAreRefused) {
  install("returns_77");
  install("returns_77", "again");
  EXPECT_THAT(load(),
              ElementsAre("plugin id \"returns-77\" is in both again.so and returns_77.so"));
}

TEST_F(HostTest, AMissingInterfaceIsNamed) {
  EXPECT_THAT(load_only("needs_interface"),
              ElementsAre(HasSubstr("; this broker offers " + names_of_interfaces())));
}

TEST_F(HostTest, DescriptorsAreRefusedWithTheirSentence) {
  EXPECT_THAT(load_only("id_differs"),
              ElementsAre("id_differs.so: descriptor and note disagree on the id"));
}

TEST_F(HostTest, AShortDescriptorIsRefused) {
  EXPECT_THAT(load_only("short_descriptor"),
              ElementsAre("short_descriptor.so: descriptor is 24 bytes, ABI 1.0 needs at least "
                          "120"));
}

TEST_F(HostTest, AFilterWithUnknownBytesSaysSo) {
  EXPECT_THAT(load_only("filter_tail"),
              ElementsAre("filter_tail.so: create failed (-5): add_filter: 8 bytes beyond ABI 1.0 "
                          "are not zero (ROMP_E_TOOBIG)"));
}

TEST_F(HostTest, AFilterWithAnUnknownFlagSaysSo) {
  EXPECT_THAT(load_only("filter_flag"), ElementsAre(HasSubstr("add_filter: unknown flags")));
}

TEST_F(HostTest, AnOtherAbiRunsNothingOfTheFile) {
  install("other_major");
  install("newer_minor");
  const auto problems = load();
  EXPECT_THAT(problems, Contains(HasSubstr("other_major.so: built for plugin ABI 2, this broker "
                                           "speaks 1 (1.0): rebuild it with SDK 1.x")));
  EXPECT_THAT(problems, Contains(HasSubstr("newer_minor.so: needs plugin ABI 1.1, this broker "
                                           "offers 1.0: upgrade romp")));
}

TEST_F(HostTest, AnInstanceThatDoesNotStartIsNotInTheChain) {
  install("start_fails");
  ASSERT_THAT(load(), IsEmpty());
  const auto problems = host->start();
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_THAT(problems[0], HasSubstr("start_fails.so: start failed ("));
  EXPECT_THAT(host->chain().filters(), IsEmpty());
  EXPECT_THAT(host->lines(), IsEmpty());
}

TEST_F(HostTest, ADisabledSectionLoadsNothing) {
  install("crash_constructor");
  section("x", "crash_constructor.so").enabled = false;
  EXPECT_THAT(load(), IsEmpty());
}

TEST_F(HostTest, AFaultAtRunTimeIsCounted) {
  ASSERT_THAT(load_only("returns_77"), IsEmpty());
  ASSERT_THAT(host->start(), IsEmpty());
  const auto& filter = host->chain().filters().at(0);
  Peer peer;
  const auto shot = Shot::make(peer);
  shot->with("destination", filter.destination);
  EXPECT_EQ(host->chain().run(ROMP_STAGE_FRAME, shot->call).verdict, ROMP_REJECT);
  EXPECT_EQ(host->instances().at(0)->filters().at(0).counters->faults, 1U);
}

TEST_F(HostTest, ADeferralThatIsNotResumedTimesOut) {
  install("defer_forever");
  ASSERT_THAT(load(), IsEmpty());
  ASSERT_THAT(host->start(), IsEmpty());
  const auto& filter = host->chain().filters().at(0);
  Peer peer;
  const auto shot = Shot::make(peer);
  shot->with("destination", filter.destination);
  ASSERT_EQ(host->chain().run(ROMP_STAGE_FRAME, shot->call).verdict, ROMP_DEFER);
  EXPECT_EQ(host->time_out(shot->call.deferred), "timed out in plugin defer-forever");
  EXPECT_EQ(host->time_out(shot->call.deferred), "");
  EXPECT_EQ(filter.counters->timeouts, 1U);
  host->forget(shot->call.deferred);
}

}  // namespace
}  // namespace romp::plugin::test
