// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace romp::broker::selector {

enum class Word : std::uint8_t {
  // clang-format off
  end, name, text, number,
  and_, or_, not_, between, in, like, escape, is, null, true_, false_,
  equal, not_equal, less, less_equal, greater, greater_equal,
  plus, minus, star, slash, open, close, comma,
  // clang-format on
};

struct Token {
  Word word = Word::end;
  std::string_view source;  ///< as written, with its quotes
  std::size_t position = 0;

  /// Of a name or a text: what is between the quotes, where a quote is still written twice.
  std::string_view content() const noexcept;
};

/// True for what a name may hold without quotes, `.` and `-` aside.
bool is_name_character(char c) noexcept;

/// Cuts a selector into words; `next` gives Word::end for ever at the end.
class Lexer {
 public:
  explicit Lexer(std::string_view text) noexcept : text_(text) {}

  /// Throws SelectorError on what begins no word.
  Token next();

 private:
  char peek(std::size_t ahead = 0) const noexcept;
  void skip_spaces() noexcept;
  void skip_digits() noexcept;
  Token cut(std::size_t begin, Word word) const noexcept;
  Token name() noexcept;
  Token number();
  Token quoted(Word word);
  Token symbol();

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace romp::broker::selector
