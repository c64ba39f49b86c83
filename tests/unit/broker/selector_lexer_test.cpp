// SPDX-License-Identifier: Apache-2.0
#include "broker/selector_lexer.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "broker/selector.hpp"

namespace romp::broker::selector {
namespace {

using Words = std::vector<std::pair<Word, std::string>>;

Words words_of(std::string_view text) {
  Words words;
  Lexer lexer(text);
  for (Token token = lexer.next(); token.word != Word::end; token = lexer.next()) {
    words.emplace_back(token.word, token.content());
  }
  return words;
}

TEST(SelectorLexer, CutsASelectorIntoWords) {
  EXPECT_EQ(words_of("size>=10 AND \"a b\"<>'c'"), (Words{{Word::name, "size"},
                                                          {Word::greater_equal, ">="},
                                                          {Word::number, "10"},
                                                          {Word::and_, "AND"},
                                                          {Word::name, "a b"},
                                                          {Word::not_equal, "<>"},
                                                          {Word::text, "c"}}));
}

TEST(SelectorLexer, ReadsNumbersInEveryForm) {
  for (const auto* text : {"1", "12.5", "7.", ".5", "7E3", "57.9e-2", "1.e+4"}) {
    EXPECT_EQ(words_of(text), (Words{{Word::number, text}})) << text;
  }
}

TEST(SelectorLexer, KeepsDotsAndHyphensInNamesOnlyBetweenLetters) {
  for (const auto* text : {"a-b", "a.b", "a-1", "_a$", "a-b.c-d", "not-null", "é-ü"}) {
    EXPECT_EQ(words_of(text), (Words{{Word::name, text}})) << text;
  }
  EXPECT_EQ(words_of("a-"), (Words{{Word::name, "a"}, {Word::minus, "-"}}));
  EXPECT_EQ(words_of("1-a"), (Words{{Word::number, "1"}, {Word::minus, "-"}, {Word::name, "a"}}));
}

TEST(SelectorLexer, DoesNotReadAQuotedKeywordAsOne) {
  EXPECT_EQ(words_of("\"AND\" and"), (Words{{Word::name, "AND"}, {Word::and_, "and"}}));
}

TEST(SelectorLexer, LeavesADoubledQuoteInside) {
  EXPECT_EQ(words_of("'it''s' ''"), (Words{{Word::text, "it''s"}, {Word::text, ""}}));
}

TEST(SelectorLexer, RefusesWhatBeginsNoWord) {
  for (const auto* text : {"?", ".", "!", "'", "\"a", "1x", "1.5e", "[", "\\", "\x01"}) {
    EXPECT_THROW(words_of(text), SelectorError) << text;
  }
  EXPECT_THROW(words_of(std::string_view("\0", 1)), SelectorError);
}

}  // namespace
}  // namespace romp::broker::selector
