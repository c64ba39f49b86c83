// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace {

std::string text_of(const std::string& file) {
  std::ifstream in(ROMP_SOURCE_DIR "/" + file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// The first block of that language.
std::string block_of(const std::string& page, const std::string& language) {
  const std::string begin = "```" + language + "\n";
  const std::size_t from = page.find(begin);
  if (from == std::string::npos) return {};
  const std::size_t to = page.find("```", from + begin.size());
  return page.substr(from + begin.size(), to - from - begin.size());
}

TEST(Readme, ShowsThePluginThatIsBuiltAndTested) {
  const std::string ping = text_of("plugins/ping/ping.cpp");
  const std::string code = ping.substr(ping.find('\n') + 1);  // without the licence line
  ASSERT_FALSE(code.empty());
  EXPECT_EQ(block_of(text_of("sdk/README.md"), "cpp"), code);
}

TEST(Readme, ShowsTheCMakeListsThatTheInstallTestBuilds) {
  const std::string block = block_of(text_of("sdk/README.md"), "cmake");
  ASSERT_FALSE(block.empty());
  std::istringstream lines(block);
  const std::string script = text_of("tests/unit/sdk/install.sh");
  for (std::string line; std::getline(lines, line);) {
    EXPECT_NE(script.find(line + "\n"), std::string::npos) << line;
  }
}

}  // namespace
