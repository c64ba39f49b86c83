// SPDX-License-Identifier: Apache-2.0
#include "auth/password_file.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "support/temporary_directory.hpp"

namespace romp::auth {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string yes = "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$" + std::string(43, 'a');
const std::string old(64, 'a');

class PasswordFile : public testing::Test {
 protected:
  Users parse(const std::string& text) {
    return parse_password_file(text, "romp.passwd", problems, warnings);
  }
  static std::vector<std::string> said(const std::vector<config::Problem>& all) {
    std::vector<std::string> lines;
    for (const auto& one : all) lines.push_back(config::to_string(one));
    return lines;
  }

  std::vector<config::Problem> problems;
  std::vector<config::Problem> warnings;
};

TEST_F(PasswordFile, HasAUserALine) {
  const auto users = parse("# users\n\nharry:" + yes + "\nron:" + yes + ":clerk,auditor\r\n");
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_THAT(warnings, IsEmpty());
  ASSERT_EQ(users.size(), 2U);
  EXPECT_EQ(users.at("harry").hash, yes);
  EXPECT_THAT(users.at("harry").roles, IsEmpty());
  EXPECT_THAT(users.at("ron").roles, ElementsAre("clerk", "auditor"));
}

TEST_F(PasswordFile, OfRompIsTakenWithAWarningThatNamesTheLine) {
  const auto users = parse("harry:" + yes + "\nadmin:" + old + ":true\nron:" + old + ":false\n");
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_THAT(said(warnings), ElementsAre(AllOf(HasSubstr("romp.passwd:2: admin"),
                                                HasSubstr("rompctl passwd add admin")),
                                          HasSubstr("romp.passwd:3: ron")));
  EXPECT_THAT(users.at("admin").roles, ElementsAre("admin"));
  EXPECT_THAT(users.at("ron").roles, IsEmpty());
}

TEST_F(PasswordFile, TellsAllThatIsWrongAtOnceAndNoHash) {
  parse("no colon\n:" + yes + "\nharry:secret\nharry potter:" + yes + "\nron:" + yes + ":a b,c!\n" +
        "x:" + yes + "\nx:" + yes + "\nlong:" + std::string(5000, 'a') + "\n");
  EXPECT_THAT(
      said(problems),
      ElementsAre(HasSubstr(":1: the name holds a blank"), HasSubstr(":2: the name is empty"),
                  HasSubstr(":3: harry has no hash that can be used"),
                  HasSubstr(":4: the name holds a blank"),
                  HasSubstr(":5: ron has a role that cannot be one"),
                  HasSubstr(":7: x has a line already, number 6"), HasSubstr(":8: is longer")));
  for (const auto& line : said(problems)) {
    EXPECT_THAT(line, AllOf(Not(HasSubstr("secret")), Not(HasSubstr("aaaa"))));
  }
}

TEST_F(PasswordFile, NeverSaysAHashThatStandsWhereANameShould) {
  parse("harry:" + yes + "\n" + yes + "\n" + old + ":true\n" + "x" + old + ":no\n");
  EXPECT_THAT(said(problems),
              ElementsAre(HasSubstr("romp.passwd:2: "), HasSubstr("romp.passwd:3: "),
                          HasSubstr("romp.passwd:4: ")));
  for (const auto& line : said(problems)) {
    EXPECT_THAT(line, AllOf(Not(HasSubstr(yes)), Not(HasSubstr(old))));
  }
}

TEST_F(PasswordFile, MayEndWithoutANewline) {
  EXPECT_EQ(parse("harry:" + yes).size(), 1U);
  EXPECT_TRUE(parse("").empty());
}

TEST_F(PasswordFile, ThatIsNotThereIsAProblem) {
  support::TemporaryDirectory directory;
  load_password_file((directory.path() / "none").string(), problems, warnings);
  EXPECT_THAT(said(problems), ElementsAre(HasSubstr("No such file")));
}

TEST_F(PasswordFile, ThatEverybodyMayWriteIsAProblemAndReadAWarning) {
  support::TemporaryDirectory directory;
  const auto path = directory.write("romp.passwd", "harry:" + yes + "\n");
  ::chmod(path.c_str(), 0604);
  EXPECT_EQ(load_password_file(path, problems, warnings).size(), 1U);
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_THAT(said(warnings), ElementsAre(HasSubstr("everybody may read it")));
  ::chmod(path.c_str(), 0602);
  load_password_file(path, problems, warnings);
  EXPECT_THAT(said(problems), ElementsAre(HasSubstr("everybody may write it")));
}

}  // namespace
}  // namespace romp::auth
