// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "broker/selector_like.hpp"
#include "broker/selector_value.hpp"

namespace romp::broker::selector {

/// What one selector may cost, in memory and in time.
struct Limits {
  static constexpr std::size_t text = 4096;   ///< octets
  static constexpr std::size_t depth = 32;    ///< parentheses, NOTs and signs inside each other
  static constexpr std::size_t nodes = 256;   ///< operands and operators
  static constexpr std::size_t in_list = 64;  ///< values of one IN
  static constexpr std::size_t like_steps = 65536;  ///< of all LIKEs of one evaluation together
};

enum class Op : std::uint8_t {
  // Conditions: they have a Truth.
  // clang-format off
  yes, no, and_, or_, not_, equal, not_equal, less, less_equal, greater, greater_equal, in, like,
  is_null,
  // Values: they have a Value; a header may also stand as a condition.
  header, text, number, plus, minus, add, subtract, multiply, divide,
  // clang-format on
};

using Index = std::uint16_t;

struct Node {
  Op op;
  Index first = 0;   ///< the operand, or the left one
  Index second = 0;  ///< the right operand, or where a range of `count` begins
  Index count = 0;   ///< IN: nodes; header, text: letters; LIKE: elements
  Number number{};   ///< of Op::number
};

/// A parsed selector: operators and operands in one array, each after its operands.
struct Program {
  std::vector<Node> nodes;
  std::string letters;  ///< of names and strings, without quotes and escapes
  std::vector<LikeElement> like_elements;
  Index root = 0;

  std::string_view letters_of(const Node& node) const {
    return std::string_view(letters).substr(node.second, node.count);
  }
  std::span<const LikeElement> pattern_of(const Node& node) const {
    return std::span(like_elements).subspan(node.second, node.count);
  }
};

}  // namespace romp::broker::selector
