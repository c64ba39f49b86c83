// SPDX-License-Identifier: Apache-2.0
#include "broker/selector_parser.hpp"

#include <optional>
#include <string>
#include <utility>

#include "broker/selector.hpp"
#include "broker/selector_lexer.hpp"

namespace romp::broker::selector {

namespace {

bool is_condition(Op op) { return op <= Op::is_null; }

std::optional<Op> comparison_of(Word word) {
  switch (word) {
    case Word::equal:
      return Op::equal;
    case Word::not_equal:
      return Op::not_equal;
    case Word::less:
      return Op::less;
    case Word::less_equal:
      return Op::less_equal;
    case Word::greater:
      return Op::greater;
    case Word::greater_equal:
      return Op::greater_equal;
    default:
      return std::nullopt;
  }
}

/// An operand and the word it began with, which an error about it points at.
struct Operand {
  Index node;
  Token start;
};

/// Descends from OR to a single value, one function a level of precedence.
class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text), token_(lexer_.next()) {}

  Program parse() {
    const Operand whole = disjunction();
    expect(Word::end, "expected AND, OR or the end");
    program_.root = condition(whole);
    return std::move(program_);
  }

 private:
  /// Bounds how deep the parser, and later the evaluation, calls itself.
  class Nesting {
   public:
    Nesting(Parser& parser, const Token& start) : depth_(parser.depth_) {
      if (depth_ == Limits::depth) throw SelectorError("nested deeper than 32", start.position);
      ++depth_;
    }
    ~Nesting() { --depth_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;

   private:
    std::size_t& depth_;
  };

  using Level = Operand (Parser::*)();

  Operand disjunction() { return joined(&Parser::conjunction, Word::or_, Op::or_); }
  Operand conjunction() { return joined(&Parser::inversion, Word::and_, Op::and_); }
  Operand joined(Level level, Word word, Op op);
  Operand inversion();
  Operand predicate();
  Operand comparison(const Operand& left, Op op);
  Operand null_test(const Operand& left);
  Operand membership(const Operand& left);
  Operand between(const Operand& left);
  Operand in(const Operand& left);
  Operand like(const Operand& left);
  Operand sum();
  Operand product();
  Operand arithmetic(Level level, Word word, Op op, Word other_word, Op other_op);
  Operand signed_value();
  Operand primary();
  Operand parenthesis();
  Operand literal();
  Operand number(std::string_view sign);
  Operand letters(Op op);

  Index condition(const Operand& operand) const;
  Index value(const Operand& operand) const;
  Index number(const Operand& operand) const;
  Index header(const Operand& operand) const;
  Op op_of(const Operand& operand) const { return program_.nodes[operand.node].op; }

  Token take();
  bool take_if(Word word);
  Token expect(Word word, std::string_view problem);
  std::string plain(const Token& token) const;
  Index add(const Node& node);
  Operand inverted_if(bool inverted, const Operand& operand);

  Lexer lexer_;
  Token token_;
  Program program_;
  std::size_t depth_ = 0;
};

[[noreturn]] void refuse(std::string_view problem, const Token& token) {
  throw SelectorError(problem, token.position, token.source);
}

Operand Parser::joined(Level level, Word word, Op op) {
  Operand left = (this->*level)();
  while (take_if(word)) {
    const Index first = condition(left);
    const Index second = condition((this->*level)());
    left.node = add({.op = op, .first = first, .second = second});
  }
  return left;
}

Operand Parser::inversion() {
  const Token start = token_;
  if (!take_if(Word::not_)) return predicate();
  const Nesting nesting(*this, start);
  return {add({.op = Op::not_, .first = condition(inversion())}), start};
}

Operand Parser::predicate() {
  const Operand left = sum();
  if (const auto op = comparison_of(token_.word)) return comparison(left, *op);
  if (token_.word == Word::is) return null_test(left);
  if (token_.word == Word::not_) {
    take();
    return inverted_if(true, membership(left));
  }
  const bool follows =
      token_.word == Word::between || token_.word == Word::in || token_.word == Word::like;
  return follows ? membership(left) : left;
}

Operand Parser::comparison(const Operand& left, Op op) {
  take();
  const Operand right = sum();
  if (op == Op::equal || op == Op::not_equal) {
    return {add({.op = op, .first = left.node, .second = right.node}), left.start};
  }
  return {add({.op = op, .first = value(left), .second = value(right)}), left.start};
}

Operand Parser::null_test(const Operand& left) {
  take();
  const bool inverted = take_if(Word::not_);
  expect(Word::null, "expected NULL");
  return inverted_if(inverted, {add({.op = Op::is_null, .first = header(left)}), left.start});
}

Operand Parser::membership(const Operand& left) {
  if (take_if(Word::between)) return between(left);
  if (take_if(Word::in)) return in(left);
  if (take_if(Word::like)) return like(left);
  refuse("expected BETWEEN, IN or LIKE", token_);
}

Operand Parser::between(const Operand& left) {
  const Index tested = value(left);
  const Index least = value(sum());
  expect(Word::and_, "expected AND");
  const Index most = value(sum());
  const Index above = add({.op = Op::greater_equal, .first = tested, .second = least});
  const Index below = add({.op = Op::less_equal, .first = tested, .second = most});
  return {add({.op = Op::and_, .first = above, .second = below}), left.start};
}

Operand Parser::in(const Operand& left) {
  Node node{.op = Op::in, .first = value(left)};
  expect(Word::open, "expected \"(\"");
  node.second = static_cast<Index>(program_.nodes.size());
  do {
    if (node.count == Limits::in_list) throw SelectorError("more than 64 values", token_.position);
    literal();
    ++node.count;
  } while (take_if(Word::comma));
  expect(Word::close, "expected \",\" or \")\"");
  return {add(node), left.start};
}

Operand Parser::like(const Operand& left) {
  Node node{.op = Op::like, .first = header(left)};
  const Token pattern = expect(Word::text, "expected a string");
  std::optional<char> escape;
  if (take_if(Word::escape)) {
    const Token token = expect(Word::text, "expected a string");
    const std::string character = plain(token);
    if (character.size() != 1) refuse("expected one ASCII character", token);
    escape = character[0];
  }
  auto& elements = program_.like_elements;
  const std::size_t before = elements.size();
  if (!compile_like(plain(pattern), escape, elements)) {
    refuse("expected a character behind the last escape", pattern);
  }
  node.second = static_cast<Index>(before);
  node.count = static_cast<Index>(elements.size() - before);
  return {add(node), left.start};
}

Operand Parser::sum() {
  return arithmetic(&Parser::product, Word::plus, Op::add, Word::minus, Op::subtract);
}

Operand Parser::product() {
  return arithmetic(&Parser::signed_value, Word::star, Op::multiply, Word::slash, Op::divide);
}

Operand Parser::arithmetic(Level level, Word word, Op op, Word other_word, Op other_op) {
  Operand left = (this->*level)();
  while (token_.word == word || token_.word == other_word) {
    const Op found = take().word == word ? op : other_op;
    const Index first = number(left);
    const Index second = number((this->*level)());
    left.node = add({.op = found, .first = first, .second = second});
  }
  return left;
}

Operand Parser::signed_value() {
  const Token start = token_;
  if (start.word != Word::plus && start.word != Word::minus) return primary();
  const Nesting nesting(*this, start);
  take();
  // The least whole number has no positive twin, so a sign belongs to its number.
  if (token_.word == Word::number) return {number(start.source).node, start};
  const Op op = start.word == Word::plus ? Op::plus : Op::minus;
  return {add({.op = op, .first = number(signed_value())}), start};
}

Operand Parser::primary() {
  switch (token_.word) {
    case Word::open:
      return parenthesis();
    case Word::name:
      return letters(Op::header);
    case Word::true_:
      return {add({.op = Op::yes}), take()};
    case Word::false_:
      return {add({.op = Op::no}), take()};
    default:
      return literal();
  }
}

Operand Parser::parenthesis() {
  const Token start = take();
  const Nesting nesting(*this, start);
  const Operand inside = disjunction();
  expect(Word::close, "expected \")\"");
  return {inside.node, start};
}

/// A string, or a number with or without a sign.
Operand Parser::literal() {
  if (token_.word == Word::text) return letters(Op::text);
  const bool is_signed = token_.word == Word::plus || token_.word == Word::minus;
  const std::string_view sign = is_signed ? take().source : "";
  if (token_.word != Word::number) refuse("expected a value", token_);
  return number(sign);
}

Operand Parser::number(std::string_view sign) {
  const Token token = take();
  const auto parsed = to_number(std::string(sign).append(token.source));
  if (!parsed) refuse("expected a number in range", token);
  return {add({.op = Op::number, .number = *parsed}), token};
}

Operand Parser::letters(Op op) {
  const Token token = take();
  const std::string content = plain(token);
  if (op == Op::header && content.empty()) refuse("expected the name of a header", token);
  const std::size_t before = program_.letters.size();
  program_.letters += content;
  return {add({.op = op,
               .second = static_cast<Index>(before),
               .count = static_cast<Index>(content.size())}),
          token};
}

Index Parser::condition(const Operand& operand) const {
  const Op op = op_of(operand);
  if (is_condition(op) || op == Op::header) return operand.node;
  refuse("expected a condition", operand.start);
}

Index Parser::value(const Operand& operand) const {
  if (!is_condition(op_of(operand))) return operand.node;
  refuse("expected a number or a string", operand.start);
}

Index Parser::number(const Operand& operand) const {
  const Op op = op_of(operand);
  if (!is_condition(op) && op != Op::text) return operand.node;
  refuse("expected a number", operand.start);
}

Index Parser::header(const Operand& operand) const {
  if (op_of(operand) == Op::header) return operand.node;
  refuse("expected the name of a header", operand.start);
}

Token Parser::take() { return std::exchange(token_, lexer_.next()); }

bool Parser::take_if(Word word) {
  const bool found = token_.word == word;
  if (found) take();
  return found;
}

Token Parser::expect(Word word, std::string_view problem) {
  if (token_.word != word) refuse(problem, token_);
  return take();
}

/// The content of a name or a text, where every doubled quote becomes one.
std::string Parser::plain(const Token& token) const {
  std::string content(token.content());
  const char quote = token.source.front();
  if (content.size() == token.source.size()) return content;
  for (std::size_t at = content.find(quote); at != std::string::npos;
       at = content.find(quote, at + 1)) {
    content.erase(at, 1);
  }
  return content;
}

Index Parser::add(const Node& node) {
  if (program_.nodes.size() == Limits::nodes)
    throw SelectorError("more than 256 operands and operators", token_.position);
  program_.nodes.push_back(node);
  return static_cast<Index>(program_.nodes.size() - 1);
}

Operand Parser::inverted_if(bool inverted, const Operand& operand) {
  if (!inverted) return operand;
  return {add({.op = Op::not_, .first = operand.node}), operand.start};
}

}  // namespace

Program parse(std::string_view text) {
  if (text.size() > Limits::text) throw SelectorError("longer than 4096 octets", Limits::text);
  return Parser(text).parse();
}

}  // namespace romp::broker::selector
