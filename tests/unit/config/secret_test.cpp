// SPDX-License-Identifier: Apache-2.0
#include "config/secret.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "unit/config/config_files.hpp"

namespace romp::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string why;

TEST(Secret, IsTheValueItself) { EXPECT_EQ(resolve_secret("hunter2", "a.ini", why), "hunter2"); }

TEST(Secret, IsWhatTheFileHoldsWithoutTheNewlineAtItsEnd) {
  const ConfigFiles files;
  EXPECT_EQ(resolve_secret("file:" + files.write("a", "top secret\n"), "x.ini", why), "top secret");
  EXPECT_EQ(resolve_secret("file:" + files.write("b", "two\nlines\r\n"), "x.ini", why),
            "two\nlines");
  EXPECT_EQ(resolve_secret("file: " + files.write("c", " blank \n\n"), "x.ini", why), " blank \n");
}

TEST(Secret, IsLookedForBesideTheIniFile) {
  const ConfigFiles files;
  files.write("secret/edge", "s\n");
  EXPECT_EQ(resolve_secret("file:secret/edge", files.path("romp.ini"), why), "s");
}

TEST(Secret, IsNothingWhenTheFileIsAbsentOrEmpty) {
  const ConfigFiles files;
  EXPECT_FALSE(resolve_secret("file:absent", files.path("romp.ini"), why));
  EXPECT_EQ(why, "cannot be read: No such file or directory");
  EXPECT_FALSE(resolve_secret("file:" + files.write("empty", "\n"), "x.ini", why));
  EXPECT_EQ(why, "holds nothing");
}

/// A file that says a passcode, or names the file that holds it; both as open as said.
class OpenSecret : public testing::Test {
 protected:
  static constexpr auto strangers_pass = std::filesystem::perms{0755};
  static constexpr auto strangers_stop = std::filesystem::perms{0750};
  static constexpr auto strangers_read = std::filesystem::perms{0644};
  static constexpr auto strangers_do_not = std::filesystem::perms{0640};

  void SetUp() override { std::filesystem::permissions(files.path(""), strangers_pass); }

  std::vector<std::string> problems(const std::string& text,
                                    std::filesystem::perms of_ini = strangers_read) const {
    const auto path = files.write("romp.ini", text);
    std::filesystem::permissions(path, of_ini);
    std::vector<Problem> found;
    load(path, found);
    std::vector<std::string> lines;
    for (const auto& problem : found) {
      lines.push_back(std::to_string(problem.line) + ": " + problem.text);
    }
    return lines;
  }

  const ConfigFiles files{"/tmp"};  // where strangers may go, wherever other tests have their files
  const std::string ini = files.path("romp.ini");
  const std::string login = "[server]\nlogin = ann\npasscode = hunter2\n";
};

TEST_F(OpenSecret, IsRefusedWithTheCommandThatClosesIt) {
  EXPECT_THAT(problems(login),
              ElementsAre("3: [server] passcode: everybody may read it; chmod o-r " + ini));
}

TEST_F(OpenSecret, MayBeTheFileThatHoldsIt) {
  const auto held = files.write("held", "hunter2\n");
  std::filesystem::permissions(held, strangers_read);
  const std::string text = "[server]\nlogin = ann\npasscode = file:held\n";
  EXPECT_THAT(problems(text),
              ElementsAre("3: [server] passcode: everybody may read it; chmod o-r " + held));
  std::filesystem::permissions(held, strangers_do_not);
  EXPECT_THAT(problems(text), IsEmpty()) << "who reads the ini learns where it is, not what it is";
}

TEST_F(OpenSecret, IsNoneWhereStrangersCannotReadTheFileOrDoNotReachIt) {
  EXPECT_THAT(problems(login, strangers_do_not), IsEmpty());
  std::filesystem::permissions(files.path(""), strangers_stop);
  EXPECT_THAT(problems(login), IsEmpty());
}

TEST_F(OpenSecret, IsNoneWhereNothingIsSecret) {
  EXPECT_THAT(problems("[server]\npasscode =\n"), IsEmpty());
  EXPECT_THAT(problems("[plugin p]\nfile = p.so\ntoken = sha1\n"), IsEmpty())
      << "which keys are secret only the plugin says";
}

}  // namespace
}  // namespace romp::config
