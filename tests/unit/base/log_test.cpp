// SPDX-License-Identifier: Apache-2.0
#include "base/log.hpp"

#include <gtest/gtest.h>

namespace romp::base::log {
namespace {

TEST(Printable, LeavesOrdinaryTextAlone) {
  for (const char* text : {"", "a", "SEND /queue/a: \"x\" ~", "Größe 한 😀", R"(C:\x0a)"}) {
    EXPECT_EQ(printable(text), text);
  }
}

TEST(Printable, ShowsControlCharactersAsHexadecimalNumbers) {
  EXPECT_EQ(printable("a\nb"), R"(a\x0ab)");
  EXPECT_EQ(printable("\r\t\x1f"), R"(\x0d\x09\x1f)");
  EXPECT_EQ(printable("\x1b[2J"), R"(\x1b[2J)");
  EXPECT_EQ(printable("\x7f"), R"(\x7f)");
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), R"(a\x00b)");
}

TEST(Printable, ShowsTheControlCharactersOfUnicodeToo) {
  EXPECT_EQ(printable("\xc2\x9b"
                      "2J \xc2\xa0 \xc3\x9b"),
            "\xc2\\x9b2J \xc2\xa0 \xc3\x9b");
}

TEST(JsonLine, IsAnObjectWhateverTheTextIs) {
  EXPECT_EQ(json_line(Level::warning, "a \"b\"\n\xff", 86'400'001),
            "{\"time\":\"1970-01-02T00:00:00.001Z\",\"level\":\"warning\",\"thread\":\"unit-base\","
            "\"text\":\"a \\\"b\\\"\\\\x0a\xef\xbf\xbd\"}");
}

TEST(Level, IsKnownByItsName) {
  EXPECT_EQ(level_named("trace"), Level::trace);
  EXPECT_EQ(level_named("error"), Level::error);
  EXPECT_EQ(level_named("loud"), Level::info);
}

TEST(Printable, LeavesNoControlCharacterIn) {
  for (int octet = 0; octet < 256; ++octet) {
    for (const char c : printable(std::string(1, static_cast<char>(octet)))) {
      const auto out = static_cast<unsigned char>(c);
      EXPECT_TRUE(out >= 0x20 && out != 0x7f) << octet;
    }
  }
}

TEST(Level, IsEnabledFromTheLeastOn) {
  set_least(Level::warning);
  EXPECT_FALSE(enabled(Level::trace));
  EXPECT_FALSE(enabled(Level::info));
  EXPECT_TRUE(enabled(Level::warning));
  EXPECT_TRUE(enabled(Level::error));
  set_least(Level::info);
  EXPECT_TRUE(enabled(Level::info));
}

}  // namespace
}  // namespace romp::base::log
