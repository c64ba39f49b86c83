// SPDX-License-Identifier: Apache-2.0
#include "broker/selector.hpp"

#include <algorithm>
#include <compare>
#include <utility>

#include "broker/selector_parser.hpp"
#include "broker/selector_romp_filter.hpp"

namespace romp::broker {

namespace {

using selector::Index;
using selector::Node;
using selector::Number;
using selector::Op;
using selector::Program;
using selector::Truth;
using selector::Value;

/// The words at the place of an error, short and without anything a terminal could act on.
std::string shown(std::string_view found) {
  constexpr std::size_t longest = 24;
  if (found.empty()) return "the end";
  std::string text(found.substr(0, longest));
  std::ranges::replace_if(
      text, [](char c) { return c < ' ' || c > '~'; }, '?');
  return '"' + text + (found.size() > longest ? "...\"" : "\"");
}

std::string described(std::string_view problem, std::size_t position) {
  return std::string("selector: ").append(problem).append(" at position ") +
         std::to_string(position);
}

bool holds(Op op, std::partial_ordering order) {
  switch (op) {
    case Op::equal:
      return std::is_eq(order);
    case Op::not_equal:
      return std::is_neq(order);
    case Op::less:
      return std::is_lt(order);
    case Op::less_equal:
      return std::is_lteq(order);
    case Op::greater:
      return std::is_gt(order);
    default:
      return std::is_gteq(order);
  }
}

Truth compare(Op op, const Value& a, const Value& b) {
  const auto order = selector::order(a, b);
  if (order == std::partial_ordering::unordered) return Truth::unknown;
  return selector::truth_of(holds(op, order));
}

std::optional<Number> calculate(Op op, const Number& a, const Number& b) {
  switch (op) {
    case Op::add:
      return selector::add(a, b);
    case Op::subtract:
      return selector::subtract(a, b);
    case Op::multiply:
      return selector::multiply(a, b);
    default:
      return selector::divide(a, b);
  }
}

Value value_of(const std::optional<Number>& number) { return number ? Value(*number) : Value(); }

/// One message put to one selector.
class Evaluation {
 public:
  Evaluation(const Program& program, const HeaderLookup& headers)
      : program_(program), headers_(headers) {}

  Truth truth(Index index);

 private:
  Truth conjunction(const Node& node);
  Truth disjunction(const Node& node);
  Truth in(const Node& node);
  Truth like(const Node& node);
  Value value(Index index);
  Value header(const Node& node) const;
  Value arithmetic(const Node& node);
  Value boolean(Index index);

  const Program& program_;
  const HeaderLookup& headers_;
  std::size_t like_steps_ = selector::Limits::like_steps;
};

Truth Evaluation::truth(Index index) {
  const Node& node = program_.nodes[index];
  switch (node.op) {
    case Op::yes:
      return Truth::yes;
    case Op::no:
      return Truth::no;
    case Op::and_:
      return conjunction(node);
    case Op::or_:
      return disjunction(node);
    case Op::not_:
      return selector::negation(truth(node.first));
    case Op::in:
      return in(node);
    case Op::like:
      return like(node);
    case Op::is_null:
      return selector::truth_of(std::holds_alternative<std::monostate>(value(node.first)));
    case Op::header:
      return compare(Op::equal, header(node), true);
    default:
      return compare(node.op, value(node.first), value(node.second));
  }
}

Truth Evaluation::conjunction(const Node& node) {
  const Truth left = truth(node.first);
  return left == Truth::no ? left : std::min(left, truth(node.second));
}

Truth Evaluation::disjunction(const Node& node) {
  const Truth left = truth(node.first);
  return left == Truth::yes ? left : std::max(left, truth(node.second));
}

Truth Evaluation::in(const Node& node) {
  const Value tested = value(node.first);
  Truth result = Truth::no;
  for (Index i = 0; i < node.count; ++i) {
    const auto item = static_cast<Index>(node.second + i);
    result = std::max(result, compare(Op::equal, tested, value(item)));
  }
  return result;
}

Truth Evaluation::like(const Node& node) {
  const Value tested = value(node.first);
  const auto* header = std::get_if<selector::HeaderText>(&tested);
  if (header == nullptr) return Truth::unknown;
  return selector::like(header->text, program_.pattern_of(node), like_steps_);
}

Value Evaluation::value(Index index) {
  const Node& node = program_.nodes[index];
  switch (node.op) {
    case Op::header:
      return header(node);
    case Op::text:
      return program_.letters_of(node);
    case Op::number:
      return node.number;
    case Op::plus:
    case Op::minus:
    case Op::add:
    case Op::subtract:
    case Op::multiply:
    case Op::divide:
      return arithmetic(node);
    default:
      return boolean(index);
  }
}

Value Evaluation::header(const Node& node) const {
  const auto text = headers_.header(program_.letters_of(node));
  return text ? Value(selector::HeaderText{*text}) : Value();
}

Value Evaluation::arithmetic(const Node& node) {
  const auto first = selector::number_of(value(node.first));
  if (!first) return {};
  if (node.op == Op::plus) return *first;
  if (node.op == Op::minus) return value_of(selector::subtract(std::int64_t{0}, *first));
  const auto second = selector::number_of(value(node.second));
  if (!second) return {};
  return value_of(calculate(node.op, *first, *second));
}

Value Evaluation::boolean(Index index) {
  const Truth t = truth(index);
  return t == Truth::unknown ? Value() : Value(t == Truth::yes);
}

}  // namespace

SelectorError::SelectorError(std::string_view problem, std::size_t position)
    : std::runtime_error(described(problem, position)), position_(position) {}

SelectorError::SelectorError(std::string_view problem, std::size_t position, std::string_view found)
    : std::runtime_error(described(problem, position) + ", found " + shown(found)),
      position_(position) {}

Selector::Selector(std::string_view text) : text_(text), program_(selector::parse(text)) {}

base::Ptr<const Selector> Selector::parse(std::string_view text) {
  return base::Ptr<const Selector>(new Selector(text));
}

base::Ptr<const Selector> Selector::parse_romp_filter(std::string_view text) {
  return parse(selector::from_romp_filter(text));
}

bool Selector::matches(const HeaderLookup& headers) const {
  return Evaluation(program_, headers).truth(program_.root) == Truth::yes;
}

}  // namespace romp::broker
