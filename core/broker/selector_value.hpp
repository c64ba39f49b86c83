// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace romp::broker::selector {

/// SQL's three truth values, ordered so that AND is the lesser of two and OR the greater.
enum class Truth : std::uint8_t { no, unknown, yes };

constexpr Truth truth_of(bool condition) { return condition ? Truth::yes : Truth::no; }

constexpr Truth negation(Truth t) {
  return static_cast<Truth>(static_cast<int>(Truth::yes) - static_cast<int>(t));
}

/// Whole while it fits, approximate beyond.
using Number = std::variant<std::int64_t, double>;

/// The number that the text is from its first octet to its last: sign, digits, fraction, exponent.
/// Nothing for other text, for what a double cannot hold, and beyond 64 octets.
std::optional<Number> to_number(std::string_view text) noexcept;

/// Nothing when the result is not a finite number.
std::optional<Number> add(const Number& a, const Number& b) noexcept;
std::optional<Number> subtract(const Number& a, const Number& b) noexcept;
std::optional<Number> multiply(const Number& a, const Number& b) noexcept;
std::optional<Number> divide(const Number& a, const Number& b) noexcept;

/// The value of a header: text that also counts as what it is compared with.
struct HeaderText {
  std::string_view text;
};

/// Nothing, a header, a string, a number or a boolean. Views of memory kept by others.
using Value = std::variant<std::monostate, HeaderText, std::string_view, Number, bool>;

/// `unordered` where the two cannot be compared: in SQL's words the comparison is unknown.
std::partial_ordering order(Value a, Value b) noexcept;

/// The number a value is or counts as.
std::optional<Number> number_of(const Value& value) noexcept;

}  // namespace romp::broker::selector
