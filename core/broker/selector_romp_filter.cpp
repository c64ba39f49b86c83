// SPDX-License-Identifier: Apache-2.0
#include "broker/selector_romp_filter.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "broker/selector.hpp"
#include "broker/selector_lexer.hpp"

namespace romp::broker::selector {

namespace {

struct Operator {
  std::string_view written;
  std::string_view meaning;
  bool numeric;
};

// `==` stands before the `=` it begins with.
constexpr std::array operators{
    Operator{"==", "=", true}, Operator{"!=", "<>", false}, Operator{"=", "=", false},
    Operator{">", ">", true},  Operator{"<", "<", true},
};

constexpr std::string_view spaces = " \t";

std::size_t skip_spaces(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of(spaces, at), text.size());
}

std::size_t end_of_name(std::string_view text, std::size_t at) {
  const auto in_name = [](char c) { return is_name_character(c) || c == '.' || c == '-'; };
  const auto rest = text.substr(at);
  return at + static_cast<std::size_t>(std::ranges::find_if_not(rest, in_name) - rest.begin());
}

const Operator& operator_at(std::string_view text, std::size_t at) {
  const auto rest = text.substr(at);
  const auto found = std::ranges::find_if(
      operators, [&](const Operator& op) { return rest.starts_with(op.written); });
  if (found == operators.end()) {
    throw SelectorError("expected =, !=, ==, > or <", at, rest.substr(0, 1));
  }
  return *found;
}

std::string quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) result.append(c == '\'' ? 2 : 1, c);
  return result + "'";
}

}  // namespace

std::string from_romp_filter(std::string_view filter) {
  if (filter.size() > Limits::text) throw SelectorError("longer than 4096 octets", Limits::text);
  const std::size_t begin = skip_spaces(filter, 0);
  const std::size_t end = end_of_name(filter, begin);
  const auto name = filter.substr(begin, end - begin);
  if (name.empty()) throw SelectorError("expected a name", begin, filter.substr(begin, 1));

  const std::size_t middle = skip_spaces(filter, end);
  const Operator& op = operator_at(filter, middle);

  const std::size_t at = skip_spaces(filter, middle + op.written.size());
  const auto value = filter.substr(at, filter.find_first_of(spaces, at) - at);
  if (value.empty()) throw SelectorError("expected a value", at, value);
  if (op.numeric && !to_number(value)) throw SelectorError("expected a number", at, value);

  const std::size_t rest = skip_spaces(filter, at + value.size());
  if (rest != filter.size()) throw SelectorError("expected the end", rest, filter.substr(rest));

  return std::string("\"")
      .append(name)
      .append("\" ")
      .append(op.meaning)
      .append(" ")
      .append(op.numeric ? std::string(value) : quoted(value));
}

}  // namespace romp::broker::selector
