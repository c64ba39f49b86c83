// SPDX-License-Identifier: Apache-2.0
#include "plugin/keys.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace romp::plugin {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class KeysTest : public testing::Test {
 protected:
  KeysTest() {
    section.name = "x";
    section.where = "romp.ini:3";
  }

  void given(const std::string& key, const std::string& text) {
    section.values[key] = {text, "romp.ini", line_++};
  }
  romp_config read(std::vector<romp_config_key> declared) {
    problems.clear();
    return read_keys(declared, "x", &section, problems);
  }
  std::string problem_with(const char* type, const std::string& text) {
    section.values.clear();
    line_ = 4;
    given("k", text);
    read({{"k", type, nullptr, ""}});
    return problems.empty() ? "" : problems[0];
  }
  std::optional<std::int64_t> number(const char* type, const std::string& text) {
    section.values.clear();
    given("k", text);
    const auto config = read({{"k", type, nullptr, ""}});
    EXPECT_THAT(problems, IsEmpty()) << text;
    return config.values.at(0).number;
  }

  config::PluginSettings section;
  std::vector<std::string> problems;

 private:
  int line_ = 4;
};

TEST_F(KeysTest, GivenValuesComeBeforeFallbacksInTheOrderOfDeclaration) {
  given("b", "given");
  const auto config = read({{"a", "string", "fallback", ""}, {"b", "string", "other", ""}});
  EXPECT_THAT(problems, IsEmpty());
  ASSERT_EQ(config.values.size(), 2U);
  EXPECT_EQ(config.values[0].key, "a");
  EXPECT_EQ(config.values[0].text, "fallback");
  EXPECT_EQ(config.find("b")->text, "given");
  EXPECT_EQ(config.find("c"), nullptr);
}

TEST_F(KeysTest, AnUnknownKeySaysWhatMayHaveBeenMeant) {
  given("adress", "edge-1:61613");
  given("zzzzzz", "1");
  read({{"address", "string", "", ""}});
  EXPECT_THAT(problems,
              ElementsAre("romp.ini:4 [plugin.x] adress: unknown key; did you mean \"address\"?",
                          "romp.ini:5 [plugin.x] zzzzzz: unknown key"));
}

TEST_F(KeysTest, APluginWithoutKeysSaysSo) {
  given("address", "x");
  read({});
  EXPECT_THAT(problems,
              ElementsAre("romp.ini:4 [plugin.x] address: unknown key; this plugin has no keys"));
}

TEST_F(KeysTest, AMissingKeyNamesTheSection) {
  read({{"address", "string", nullptr, ""}});
  EXPECT_THAT(problems, ElementsAre("romp.ini:3 [plugin.x] address: missing key"));
  problems.clear();
  const romp_config_key key{"address", "string", nullptr, ""};
  read_keys(std::span(&key, 1), "x", nullptr, problems);
  EXPECT_THAT(problems, ElementsAre("[plugin.x] address: missing key"));
}

TEST_F(KeysTest, AllProblemsAreCollected) {
  given("count", "many");
  given("nam", "x");
  read({{"count", "int", "1", ""}, {"name", "string", nullptr, ""}});
  EXPECT_EQ(problems.size(), 3U);
}

TEST_F(KeysTest, ValuesAreOfTheirType) {
  EXPECT_EQ(number("int", "-5"), -5);
  EXPECT_EQ(number("bool", "yes"), 1);
  EXPECT_EQ(number("bool", "off"), 0);
  EXPECT_EQ(number("duration", "1500ms"), 1'500'000'000);
  EXPECT_EQ(number("duration", "7ns"), 7);
  EXPECT_EQ(number("duration", "3us"), 3'000);
  EXPECT_EQ(number("duration", "2h"), 7'200'000'000'000);
  EXPECT_EQ(number("size", "16MiB"), 16 << 20);
  EXPECT_EQ(number("string", "5"), std::nullopt);
  EXPECT_EQ(number("number", "0.25"), std::nullopt);
}

TEST_F(KeysTest, BadValuesSayWhatWasWanted) {
  EXPECT_EQ(problem_with("int", "5 apples"),
            "romp.ini:4 [plugin.x] k: \"5 apples\" is not a whole number");
  EXPECT_EQ(problem_with("int", "99999999999999999999"),
            "romp.ini:4 [plugin.x] k: \"99999999999999999999\" is not a whole number");
  EXPECT_EQ(problem_with("bool", "maybe"), "romp.ini:4 [plugin.x] k: \"maybe\" is not yes or no");
  EXPECT_EQ(problem_with("duration", "soon"),
            "romp.ini:4 [plugin.x] k: \"soon\" is not a duration such as 30s");
  EXPECT_EQ(problem_with("duration", "300000000000d"),
            "romp.ini:4 [plugin.x] k: \"300000000000d\" is not a duration such as 30s");
  EXPECT_EQ(problem_with("size", "-1"),
            "romp.ini:4 [plugin.x] k: \"-1\" is not a size such as 16MiB");
  EXPECT_EQ(problem_with("number", "inf"), "romp.ini:4 [plugin.x] k: \"inf\" is not a number");
}

TEST_F(KeysTest, ASecretMayBeInAFileAndIsNeverPrinted) {
  const auto path = testing::TempDir() + "keys_test_secret";
  std::ofstream(path) << "hunter2\n";
  std::filesystem::permissions(path, std::filesystem::perms{0600});
  given("k", "file:" + path);
  EXPECT_EQ(read({{"k", "secret", nullptr, ""}}).values.at(0).text, "hunter2");
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_EQ(problem_with("secret", "plain"), "");
  EXPECT_NE(problem_with("secret", "file:/no/such/file"), "");
}

TEST_F(KeysTest, ASecretThatEverybodyMayReadIsRefused) {
  const std::string path = "/tmp/romp_keys_test_open";  // where strangers may go
  std::ofstream(path) << "hunter2\n";
  std::filesystem::permissions(path, std::filesystem::perms{0644});
  EXPECT_EQ(problem_with("secret", "file:" + path),
            "romp.ini:4 [plugin.x] k: everybody may read it; chmod o-r " + path);
  EXPECT_EQ(problem_with("string", "file:" + path), "") << "this one says that it is none";
  std::filesystem::remove(path);
}

TEST(KeyDeclaration, MustBeWhole) {
  const auto problem = [](romp_config_key key) {
    return problem_of_declaration(std::span(&key, 1));
  };
  EXPECT_EQ(problem({"a", "int", "", ""}), "");
  EXPECT_EQ(problem({nullptr, "int", "", ""}), "a config key lacks its name or type");
  EXPECT_EQ(problem({"a", nullptr, "", ""}), "a config key lacks its name or type");
  EXPECT_EQ(problem({"a", "float", "", ""}), "config key \"a\" has the unknown type \"float\"");
}

}  // namespace
}  // namespace romp::plugin
