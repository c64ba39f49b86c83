// SPDX-License-Identifier: Apache-2.0
#include "stomp/escape.hpp"

#include <gtest/gtest.h>

#include "stomp/error.hpp"

namespace romp::stomp {
namespace {

std::string decoded(std::string text, Version version) {
  text.resize(unescape(text.data(), text.size(), version));
  return text;
}

std::string value_for(Version version, std::string_view value) {
  std::string out = "=";
  append_escaped(out, value, version);
  return out.substr(1);
}

std::string name_for(Version version, std::string_view name) {
  std::string out;
  append_escaped_name(out, name, version);
  return out;
}

std::string problem_of(std::string text, Version version) {
  try {
    decoded(std::move(text), version);
  } catch (const ProtocolError& error) {
    return error.detail();
  }
  return "none";
}

TEST(Unescape, LeavesTextWithoutBackslashAlone) {
  for (const char* text : {"", "a", "a:b\nc\r", "Größe"}) {
    EXPECT_EQ(decoded(text, Version::v1_2), text);
  }
}

TEST(Unescape, DecodesWhatEachVersionDefines) {
  EXPECT_EQ(decoded(R"(\n\c\\)", Version::v1_1), "\n:\\");
  EXPECT_EQ(decoded(R"(\n\c\\\r)", Version::v1_2), "\n:\\\r");
}

TEST(Unescape, NeedsOnePassOnly) {
  EXPECT_EQ(decoded(R"(\\n)", Version::v1_2), R"(\n)");
  EXPECT_EQ(decoded(R"(\\\n)", Version::v1_2), "\\\n");
  EXPECT_EQ(decoded(R"(\\\\c)", Version::v1_2), R"(\\c)");
}

TEST(Unescape, RefusesAllOtherLetters) {
  for (int letter = 0; letter < 256; ++letter) {
    const std::string text{'\\', static_cast<char>(letter)};
    const bool defined = letter == 'n' || letter == 'c' || letter == '\\';
    EXPECT_EQ(problem_of(text, Version::v1_1) == "none", defined) << letter;
    EXPECT_EQ(problem_of(text, Version::v1_2) == "none", defined || letter == 'r') << letter;
  }
}

TEST(Unescape, SaysWhatItRefusesInPrintableAscii) {
  EXPECT_EQ(problem_of(R"(a\tb)", Version::v1_2), R"(STOMP 1.2 has no escape sequence "\t")");
  EXPECT_EQ(problem_of(R"(\r)", Version::v1_1), R"(STOMP 1.1 has no escape sequence "\r")");
  EXPECT_EQ(problem_of("\\\x1b", Version::v1_2), R"(STOMP 1.2 has no escape sequence "\?")");
  EXPECT_EQ(problem_of("a\\", Version::v1_2), "a header ends with a lone backslash");
}

TEST(Escape, SpellsAValueForItsReceiver) {
  constexpr std::string_view value = "a:b\\c\nd\re";
  EXPECT_EQ(value_for(Version::v1_2, value), R"(a\cb\\c\nd\re)");
  EXPECT_EQ(value_for(Version::v1_1, value), "a\\cb\\\\c\\nd\re");
  EXPECT_EQ(value_for(Version::v1_0, value), R"(a:b\c\nd\re)");
}

TEST(Escape, SpellsANameForItsReceiver) {
  constexpr std::string_view name = "a:b\\c\nd\re";
  EXPECT_EQ(name_for(Version::v1_2, name), R"(a\cb\\c\nd\re)");
  EXPECT_EQ(name_for(Version::v1_1, name), "a\\cb\\\\c\\nd\re");
  EXPECT_EQ(name_for(Version::v1_0, name), R"(a\cb\c\nd\re)");
}

TEST(Escape, LeavesOutNulWhichNothingCanSpell) {
  constexpr std::string_view text("a\0b", 3);
  for (const Version version : {Version::v1_0, Version::v1_1, Version::v1_2}) {
    EXPECT_EQ(value_for(version, text), "ab");
    EXPECT_EQ(name_for(version, text), "ab");
  }
}

TEST(Escape, IsUndoneByUnescape) {
  for (const std::string text : {"", "\\", "\\n", ":::", "\n\n", "a\\\\:b", "\\c"}) {
    EXPECT_EQ(decoded(value_for(Version::v1_1, text), Version::v1_1), text);
    EXPECT_EQ(decoded(value_for(Version::v1_2, text + "\r"), Version::v1_2), text + "\r");
  }
}

TEST(Escape, IsNotNeededForPlainText) {
  for (int octet = 0; octet < 256; ++octet) {
    const std::string text = "some longer text " + std::string(1, static_cast<char>(octet));
    bool same = true;
    for (const Version version : {Version::v1_0, Version::v1_1, Version::v1_2}) {
      same = same && value_for(version, text) == text && name_for(version, text) == text;
    }
    EXPECT_EQ(is_plain_name(text), same) << octet;
    EXPECT_EQ(is_plain_value(text), same) << octet;
  }
}

}  // namespace
}  // namespace romp::stomp
