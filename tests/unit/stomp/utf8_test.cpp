// SPDX-License-Identifier: Apache-2.0
#include "stomp/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

namespace romp::stomp {
namespace {

TEST(Utf8, IsAsciiAndEveryLengthOfCharacter) {
  for (const char* text :
       {"", "a", "\x7f", "\xc2\x80", "ß", "\xe0\xa0\x80", "\xef\xbf\xbf", "한", "\xed\x9f\xbf",
        "\xee\x80\x80", "\xf0\x90\x80\x80", "😀", "\xf4\x8f\xbf\xbf", "aßb한c😀d"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
}

TEST(Utf8, IsNotCutShort) {
  for (const std::string text : {"ß", "한", "😀"}) {
    for (std::size_t size = 1; size < text.size(); ++size) {
      EXPECT_FALSE(is_utf8(text.substr(0, size)));
      EXPECT_FALSE(is_utf8(text.substr(0, size) + "a"));
      EXPECT_FALSE(is_utf8(text.substr(size)));
    }
  }
}

TEST(Utf8, HasNoOverlongFormsSurrogatesOrOctetsOutOfRange) {
  for (const char* text :
       {"\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\xed\xa0\x80", "\xed\xbf\xbf",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xfe", "\xff", "\x80", "\xbf", "\xc2\xc0",
        "\xc2\x7f", "\xe1\x80\xc0"}) {
    EXPECT_FALSE(is_utf8(text));
  }
}

TEST(Utf8, MayHoldNul) { EXPECT_TRUE(is_utf8(std::string_view("a\0b", 3))); }

}  // namespace
}  // namespace romp::stomp
