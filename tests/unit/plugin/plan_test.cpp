// SPDX-License-Identifier: Apache-2.0
#include "plugin/plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugin/capabilities.hpp"
#include "plugin/interfaces.hpp"

namespace romp::plugin {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class PlanTest : public testing::Test {
 protected:
  void file(const std::string& name, const std::string& id) {
    FoundFile f;
    f.name = name;
    f.inspection.note = Note{1, 0, 0, id, "1.0.0"};
    directory.files.push_back(std::move(f));
  }
  void bad_file(const std::string& name) {
    directory.files.push_back({name, {}});
    directory.files.back().inspection.refusal = "not an ELF file";
  }
  config::PluginSettings& section(const std::string& name, const std::string& file_name = {}) {
    auto& s = sections.emplace_back();
    s.name = name;
    s.file = file_name;
    s.where = "romp.ini:" + std::to_string(sections.size());
    return s;
  }
  std::vector<std::string> plan() {
    const auto made = make_plan(directory, sections, "/plugins");
    problems = made.problems;
    left_out = made.left_out;
    std::vector<std::string> names;
    for (const auto& use : made.uses) names.push_back(use.name + " of " + use.file->name);
    return names;
  }

  Directory directory;
  std::vector<config::PluginSettings> sections;
  std::vector<std::string> problems;
  std::vector<std::string> left_out;
};

TEST_F(PlanTest, AFileWithoutASectionIsOneInstanceWithItsId) {
  file("libping.so", "ping");
  EXPECT_THAT(plan(), ElementsAre("ping of libping.so"));
  EXPECT_THAT(problems, IsEmpty());
}

TEST_F(PlanTest, EverySectionIsAnInstanceInTheOrderOfTheirNames) {
  file("bridge.so", "bridge");
  file("ping.so", "ping");
  section("west", "bridge.so");
  section("east", "bridge.so");
  EXPECT_THAT(plan(), ElementsAre("east of bridge.so", "ping of ping.so", "west of bridge.so"));
}

TEST_F(PlanTest, WithoutAFileTheNameIsTheFiles) {
  file("ping.so", "ping");
  section("ping");
  EXPECT_THAT(plan(), ElementsAre("ping of ping.so"));
}

TEST_F(PlanTest, ASectionThatIsOffSwitchesItsFileOff) {
  file("ping.so", "ping");
  bad_file("broken.so");
  section("ping").enabled = false;
  section("broken").enabled = false;
  EXPECT_THAT(plan(), IsEmpty());
  EXPECT_THAT(problems, IsEmpty());
}

TEST_F(PlanTest, ASectionWithoutItsFileIsAProblem) {
  section("orders", "downstream.so");
  EXPECT_THAT(plan(), IsEmpty());
  EXPECT_THAT(problems,
              ElementsAre("romp.ini:1 [plugin.orders]: downstream.so is not in /plugins"));
}

TEST_F(PlanTest, AnOptionalSectionWhoseFileIsAbsentIsLeftOut) {
  section("orders", "downstream.so").optional = true;
  EXPECT_THAT(plan(), IsEmpty());
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_THAT(left_out,
              ElementsAre("romp.ini:1 [plugin.orders]: downstream.so is not in /plugins"));
}

TEST_F(PlanTest, AnOptionalSectionWhoseFileIsBadIsAProblem) {
  bad_file("downstream.so");
  section("orders", "downstream.so").optional = true;
  EXPECT_THAT(plan(), IsEmpty());
  EXPECT_THAT(problems, ElementsAre("downstream.so: not an ELF file"));
}

TEST_F(PlanTest, ARefusedFileIsNamedOnceHoweverOftenItIsUsed) {
  bad_file("bad.so");
  section("a", "bad.so");
  section("b", "bad.so");
  EXPECT_THAT(plan(), IsEmpty());
  EXPECT_THAT(problems, ElementsAre("bad.so: not an ELF file"));
}

TEST_F(PlanTest, TwoFilesWithOneIdAreBothRefused) {
  file("ping.so", "ping");
  file("ping2.so", "ping");
  file("echo.so", "echo");
  section("two", "ping2.so");
  EXPECT_THAT(plan(), ElementsAre("echo of echo.so"));
  EXPECT_THAT(problems, ElementsAre("plugin id \"ping\" is in both ping.so and ping2.so"));
}

TEST_F(PlanTest, AnIdCannotTakeTheNameOfASection) {
  file("bridge.so", "bridge");
  file("ping.so", "ping");
  section("ping", "bridge.so");
  EXPECT_THAT(plan(), ElementsAre("ping of bridge.so"));
  EXPECT_THAT(problems, ElementsAre("ping.so: the instance name \"ping\" is taken by bridge.so"));
}

TEST_F(PlanTest, SubjectsNameFileAndSection) {
  file("bridge.so", "bridge");
  const Use alone{"bridge", &directory.files[0], nullptr};
  EXPECT_EQ(alone.subject(), "bridge.so");
  const Use east{"east", &directory.files[0], &section("east")};
  EXPECT_EQ(east.subject(), "bridge.so [plugin.east]");
}

class GrantTest : public PlanTest {
 protected:
  Granted granted(std::uint64_t wanted, std::vector<std::string> allow) {
    romp_plugin descriptor{};
    descriptor.capabilities = wanted;
    auto& s = section("x");
    s.allow_all = false;
    s.allow = std::move(allow);
    return grant(descriptor, {"x", nullptr, &s});
  }
};

TEST_F(GrantTest, WithoutASectionEverythingIsGranted) {
  romp_plugin descriptor{};
  descriptor.capabilities = ROMP_CAP_NETWORK;
  EXPECT_EQ(grant(descriptor, {"x", nullptr, nullptr}).capabilities, ROMP_CAP_NETWORK);
  EXPECT_EQ(grant(descriptor, {"x", nullptr, &section("x")}).capabilities, ROMP_CAP_NETWORK);
}

TEST_F(GrantTest, AllowMustCoverWhatThePluginWants) {
  EXPECT_EQ(granted(ROMP_CAP_FRAMES, {"frames", "publish"}).capabilities, ROMP_CAP_FRAMES);
  EXPECT_EQ(granted(ROMP_CAP_FRAMES | ROMP_CAP_NETWORK | ROMP_CAP_CREDENTIALS, {"frames"}).refusal,
            "plugin \"x\" wants: credentials, network; the ini allows: frames");
  EXPECT_EQ(granted(ROMP_CAP_FRAMES, {}).refusal,
            "plugin \"x\" wants: frames; the ini allows: none");
}

TEST_F(GrantTest, AnUnknownCapabilityIsNamed) {
  EXPECT_EQ(granted(0, {"framez"}).refusal, "allow: unknown capability \"framez\"");
}

TEST(Needs, AnInterfaceThatIsNotOfferedIsNamed) {
  romp_plugin descriptor{};
  EXPECT_EQ(refusal_of_needs(descriptor), "");
  const char* const none[] = {nullptr};
  descriptor.needs = none;
  EXPECT_EQ(refusal_of_needs(descriptor), "");
  const char* const client[] = {"romp.client/2", nullptr};
  descriptor.needs = client;
  EXPECT_EQ(refusal_of_needs(descriptor),
            "needs interface romp.client/2; this broker offers " + names_of_interfaces());
  const char* const both[] = {"romp.admin/1", "romp.destinations/1", nullptr};
  descriptor.needs = both;
  EXPECT_EQ(refusal_of_needs(descriptor), "");
}

TEST(Capabilities, HaveTheirNamesInTheIni) {
  for (const auto* name : {"frames", "mutate", "credentials", "auth", "publish", "subscribe",
                           "sessions", "network", "http", "admin"}) {
    ASSERT_TRUE(capability_of(name)) << name;
    EXPECT_EQ(names_of_capabilities(*capability_of(name)), name);
  }
  EXPECT_FALSE(capability_of("root"));
  EXPECT_EQ(names_of_capabilities(0), "none");
}

}  // namespace
}  // namespace romp::plugin
