// SPDX-License-Identifier: Apache-2.0
#include "config/ini_file.hpp"

#include <gmock/gmock.h>

#include "config/read_file.hpp"
#include "unit/config/config_files.hpp"

namespace romp::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::string_literals;

/// The file as "[section]@line" and "key=value@line".
std::vector<std::string> lines_of(std::string_view text, std::vector<Problem>& problems) {
  std::vector<std::string> lines;
  for (const auto& section : parse_ini(text, "a.ini", problems).sections) {
    lines.push_back("[" + section.name + "]@" + std::to_string(section.line));
    for (const auto& entry : section.entries) {
      lines.push_back(entry.key + "=" + entry.value + "@" + std::to_string(entry.line));
    }
  }
  return lines;
}

std::vector<std::string> good_lines(std::string_view text) {
  std::vector<Problem> problems;
  auto lines = lines_of(text, problems);
  for (const Problem& problem : problems) ADD_FAILURE() << to_string(problem);
  return lines;
}

std::vector<std::string> wrong(std::string_view text) {
  std::vector<Problem> problems;
  lines_of(text, problems);
  std::vector<std::string> texts;
  for (const Problem& problem : problems) texts.push_back(to_string(problem));
  return texts;
}

TEST(IniFile, KnowsTheLineOfEveryKeyAndSection) {
  EXPECT_THAT(good_lines("\n[a]\n; note\nx = 1\n\n  y=2\n[b]\nz : 3"),
              ElementsAre("[a]@2", "x=1@4", "y=2@6", "[b]@7", "z=3@8"));
}

TEST(IniFile, SeesEmptyAndRepeatedSections) {
  EXPECT_THAT(good_lines("[a]\n[b]\n[a]\nx=1\n[a]\n"),
              ElementsAre("[a]@1", "[b]@2", "[a]@3", "x=1@4", "[a]@5"));
}

TEST(IniFile, TrimsBlanksAndCarriageReturns) {
  EXPECT_THAT(good_lines("[ a b ]\r\n \t key \t=\t v w \t\r\n"),
              ElementsAre("[a b]@1", "key=v w@2"));
}

TEST(IniFile, TakesASemicolonBehindABlankAsComment) {
  EXPECT_THAT(good_lines("[a] ; note\nx = b ; note\ny = b;c\nz = b # c\nw = ; note\n# note = 1\n"),
              ElementsAre("[a]@1", "x=b@2", "y=b;c@3", "z=b # c@4", "w=@5"));
}

TEST(IniFile, SplitsAtTheFirstEqualsSignOrColon) {
  EXPECT_THAT(good_lines("[a]\nx=y=z\nk:v=w\nu = http://h:1/\n"),
              ElementsAre("[a]@1", "x=y=z@2", "k=v=w@3", "u=http://h:1/@4"));
}

TEST(IniFile, LetsNoIndentedLineContinueTheOneAbove) {
  EXPECT_THAT(good_lines("[a]\nx = 1\n  y = 2\n"), ElementsAre("[a]@1", "x=1@2", "y=2@3"));
  EXPECT_THAT(wrong("[a]\nx = 1\n  and more\n"), ElementsAre("a.ini:3: no '=' behind \"and\""));
}

TEST(IniFile, KeepsLinesThatInihWouldCutAt197Characters) {
  for (const std::size_t size : {195U, 196U, 197U, 198U, 199U, 200U, 201U, 4096U, 60000U}) {
    const std::string value(size, 'v');
    EXPECT_THAT(good_lines("[a]\nx=" + value + "\ny=2\n"),
                ElementsAre("[a]@1", "x=" + value + "@2", "y=2@3"));
  }
}

TEST(IniFile, ReportsALineThatIsTooLong) {
  EXPECT_THAT(good_lines("[a]\nx=" + std::string(longest_line - 2, 'v')), testing::SizeIs(2));
  EXPECT_THAT(wrong("[a]\nx=" + std::string(longest_line - 1, 'v') + "\ny=2\n"),
              ElementsAre("a.ini:2: the line is longer than 65533 characters"));
}

TEST(IniFile, TakesSectionNamesOf49CharactersAndReportsLongerOnes) {
  const std::string name(49, 'n');
  EXPECT_THAT(good_lines("[" + name + "]\n"), ElementsAre("[" + name + "]@1"));
  EXPECT_THAT(
      wrong("[" + name + "n]\nx = 1\n"),
      ElementsAre("a.ini:1: the section name has 50 characters, more than 49; a destination "
                  "may have a short one and its own in `name =`"));
}

TEST(IniFile, LeavesOutTheKeysOfABrokenSection) {
  std::vector<Problem> problems;
  EXPECT_THAT(lines_of("[a]\nx=1\n[b\ny=2\n[c]\nz=3\n", problems),
              ElementsAre("[a]@1", "x=1@2", "[c]@5", "z=3@6"));
  EXPECT_THAT(problems, ElementsAre(Problem{"a.ini", 3, "no ']' at the end of the section name"}));
}

TEST(IniFile, LeavesOutTheKeysOfASectionWithANulOctet) {
  std::vector<Problem> problems;
  EXPECT_THAT(lines_of("[a]\n[b\0]\ny=2\n"s, problems), ElementsAre("[a]@1"));
  EXPECT_THAT(problems, ElementsAre(Problem{"a.ini", 2, "the line has a NUL octet"}));
}

TEST(IniFile, ReportsTextBehindASection) {
  EXPECT_THAT(wrong("[a] x = 1\n"), ElementsAre("a.ini:1: text behind the ']' of a section"));
}

TEST(IniFile, ReportsNulOctets) {
  EXPECT_THAT(wrong("[a]\nx = 1\0 2\ny = 3\n"s), ElementsAre("a.ini:2: the line has a NUL octet"));
}

TEST(IniFile, ReportsLinesWithoutEqualsSignAndShowsOnlyTheirFirstWord) {
  EXPECT_THAT(wrong("[a]\npasscode hunter2\nx ; y = 1\nlast"),
              ElementsAre("a.ini:2: no '=' behind \"passcode\"", "a.ini:3: no '=' behind \"x\"",
                          "a.ini:4: no '=' behind \"last\""));
}

TEST(IniFile, ReportsKeysWithoutNameAndKeysWithoutSection) {
  EXPECT_THAT(wrong("x = 1\n[a]\n= 2\n"),
              ElementsAre("a.ini:1: x: no [section] above it", "a.ini:3: no key before '='"));
}

TEST(IniFile, SkipsAByteOrderMark) {
  EXPECT_THAT(good_lines("\xEF\xBB\xBF[a]\nx=1"), ElementsAre("[a]@1", "x=1@2"));
}

TEST(IniFile, IsEmptyWhenTheTextIs) { EXPECT_THAT(good_lines(""), IsEmpty()); }

TEST(IniFile, SaysWhyAFileCannotBeRead) {
  const ConfigFiles files;
  std::string why;
  EXPECT_FALSE(read_file(files.path("absent"), why));
  EXPECT_EQ(why, "cannot be read: No such file or directory");
  EXPECT_FALSE(read_file(files.path(""), why));
  EXPECT_EQ(why, "cannot be read: Is a directory");
  EXPECT_FALSE(read_file("/dev/zero", why));
  EXPECT_EQ(why, "is larger than 16 MiB");
  EXPECT_EQ(read_file("/dev/null", why), "");
}

}  // namespace
}  // namespace romp::config
