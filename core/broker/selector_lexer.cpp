// SPDX-License-Identifier: Apache-2.0
#include "broker/selector_lexer.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "broker/selector.hpp"

namespace romp::broker::selector {

namespace {

struct Spelling {
  std::string_view letters;
  Word word;
};

constexpr std::array keywords{
    Spelling{"AND", Word::and_},      Spelling{"OR", Word::or_},
    Spelling{"NOT", Word::not_},      Spelling{"BETWEEN", Word::between},
    Spelling{"IN", Word::in},         Spelling{"LIKE", Word::like},
    Spelling{"ESCAPE", Word::escape}, Spelling{"IS", Word::is},
    Spelling{"NULL", Word::null},     Spelling{"TRUE", Word::true_},
    Spelling{"FALSE", Word::false_},
};

// A longer symbol stands before the one it begins with.
constexpr std::array symbols{
    Spelling{"<>", Word::not_equal},  Spelling{"!=", Word::not_equal},
    Spelling{"<=", Word::less_equal}, Spelling{">=", Word::greater_equal},
    Spelling{"==", Word::equal},      Spelling{"=", Word::equal},
    Spelling{"<", Word::less},        Spelling{">", Word::greater},
    Spelling{"+", Word::plus},        Spelling{"-", Word::minus},
    Spelling{"*", Word::star},        Spelling{"/", Word::slash},
    Spelling{"(", Word::open},        Spelling{")", Word::close},
    Spelling{",", Word::comma},
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool same_letters(std::string_view text, std::string_view keyword) {
  return std::ranges::equal(text, keyword, {}, upper);
}

Word word_of(std::string_view letters) {
  for (const auto& keyword : keywords) {
    if (same_letters(letters, keyword.letters)) return keyword.word;
  }
  return Word::name;
}

}  // namespace

std::string_view Token::content() const noexcept {
  const bool bare = source.empty() || (source.front() != '"' && source.front() != '\'');
  return bare ? source : source.substr(1, source.size() - 2);
}

bool is_name_character(char c) noexcept {
  const bool beyond_ascii = static_cast<unsigned char>(c) >= 0x80;
  const char u = upper(c);
  return (u >= 'A' && u <= 'Z') || is_digit(c) || c == '_' || c == '$' || beyond_ascii;
}

Token Lexer::next() {
  skip_spaces();
  if (at_ == text_.size()) return cut(at_, Word::end);
  const char c = peek();
  if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
  if (is_name_character(c)) return name();
  if (c == '\'') return quoted(Word::text);
  if (c == '"') return quoted(Word::name);
  return symbol();
}

char Lexer::peek(std::size_t ahead) const noexcept {
  return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
}

void Lexer::skip_spaces() noexcept {
  at_ = std::min(text_.find_first_not_of(" \t\r\n\f", at_), text_.size());
}

void Lexer::skip_digits() noexcept {
  while (is_digit(peek())) ++at_;
}

Token Lexer::cut(std::size_t begin, Word word) const noexcept {
  return {word, text_.substr(begin, at_ - begin), begin};
}

Token Lexer::name() noexcept {
  const std::size_t begin = at_;
  const auto joins = [this] {
    return (peek() == '-' || peek() == '.') && is_name_character(peek(1));
  };
  while (is_name_character(peek()) || joins()) ++at_;
  return cut(begin, word_of(text_.substr(begin, at_ - begin)));
}

Token Lexer::number() {
  const std::size_t begin = at_;
  skip_digits();
  if (peek() == '.') ++at_;
  skip_digits();
  const std::size_t sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
  if (upper(peek()) == 'E' && is_digit(peek(1 + sign))) {
    at_ += 1 + sign;
    skip_digits();
  }
  if (!is_name_character(peek())) return cut(begin, Word::number);
  while (is_name_character(peek())) ++at_;
  throw SelectorError("expected a number", begin, text_.substr(begin, at_ - begin));
}

Token Lexer::quoted(Word word) {
  const std::size_t begin = at_;
  const char quote = text_[at_++];
  while (at_ < text_.size()) {
    if (text_[at_++] != quote) continue;
    if (peek() != quote) return cut(begin, word);
    ++at_;
  }
  throw SelectorError("expected the quote to end", begin, text_.substr(begin));
}

Token Lexer::symbol() {
  const std::size_t begin = at_;
  for (const auto& symbol : symbols) {
    if (!text_.substr(at_).starts_with(symbol.letters)) continue;
    at_ += symbol.letters.size();
    return cut(begin, symbol.word);
  }
  throw SelectorError("expected a value or an operator", begin, text_.substr(begin, 1));
}

}  // namespace romp::broker::selector
