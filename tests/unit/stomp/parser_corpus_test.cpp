// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size);

namespace {

void replay(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

/// The fuzz target aborts when the parser breaks a promise; compilers without a fuzzer run it here.
TEST(ParserCorpus, IsReadAsThePromisesSay) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(ROMP_PARSER_CORPUS)) {
    std::ifstream file(entry.path(), std::ios::binary);
    std::string input(std::istreambuf_iterator<char>(file), {});
    ASSERT_TRUE(file.good() || file.eof()) << entry.path();
    ASSERT_GE(input.size(), 3U) << entry.path();
    SCOPED_TRACE(entry.path().filename());
    replay(input);
    for (const char version : {'0', '1', '2'}) {
      for (int limits = 0; limits < 32; ++limits) {
        input[0] = version;
        input[1] = static_cast<char>(limits);
        replay(input);
      }
    }
    ++files;
  }
  EXPECT_GE(files, 30);
}

}  // namespace
