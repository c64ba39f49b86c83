// SPDX-License-Identifier: Apache-2.0
#include "broker/selector_value.hpp"

#include <charconv>
#include <cmath>
#include <system_error>

namespace romp::broker::selector {

namespace {

constexpr std::size_t longest_number = 64;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

template <class T>
std::optional<Number> read_whole(std::string_view text) noexcept {
  T value{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return Number(value);
}

double real(const Number& n) noexcept {
  const auto* whole = std::get_if<std::int64_t>(&n);
  return whole != nullptr ? static_cast<double>(*whole) : *std::get_if<double>(&n);
}

std::optional<Number> finite(double value) noexcept {
  if (!std::isfinite(value)) return std::nullopt;
  return Number(value);
}

/// Whole numbers stay whole unless `exact` reports that the result does not fit.
template <class Exact, class Approximate>
std::optional<Number> calculate(const Number& a, const Number& b, Exact exact,
                                Approximate approximate) noexcept {
  const auto* x = std::get_if<std::int64_t>(&a);
  const auto* y = std::get_if<std::int64_t>(&b);
  std::int64_t result = 0;
  if (x != nullptr && y != nullptr && exact(*x, *y, result)) return Number(result);
  return finite(approximate(real(a), real(b)));
}

bool is_zero(const Number& n) noexcept { return std::fpclassify(real(n)) == FP_ZERO; }

std::partial_ordering order_numbers(const Number& a, const Number& b) noexcept {
  const auto* x = std::get_if<std::int64_t>(&a);
  const auto* y = std::get_if<std::int64_t>(&b);
  if (x != nullptr && y != nullptr) return *x <=> *y;
  return real(a) <=> real(b);
}

std::partial_ordering order_headers(HeaderText a, HeaderText b) noexcept {
  const auto x = to_number(a.text);
  const auto y = x ? to_number(b.text) : std::nullopt;
  return y ? order_numbers(*x, *y) : a.text <=> b.text;
}

Value to_boolean(std::string_view text) noexcept {
  if (text == "true") return true;
  if (text == "false") return false;
  return {};
}

/// The header as the kind of value that it is compared with.
Value read_as(const Value& kind, HeaderText header) noexcept {
  if (std::holds_alternative<std::string_view>(kind)) return header.text;
  if (std::holds_alternative<bool>(kind)) return to_boolean(header.text);
  const auto number = to_number(header.text);
  return number ? Value(*number) : Value();
}

}  // namespace

std::optional<Number> to_number(std::string_view text) noexcept {
  if (text.size() > longest_number) return std::nullopt;
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  // from_chars would read words such as "inf" and "nan" too.
  const auto digits = text.substr(text.starts_with('-') ? 1 : 0);
  if (digits.empty() || (!is_digit(digits[0]) && digits[0] != '.')) return std::nullopt;
  const auto whole = read_whole<std::int64_t>(text);
  return whole ? whole : read_whole<double>(text);
}

std::optional<Number> add(const Number& a, const Number& b) noexcept {
  return calculate(
      a, b, [](auto x, auto y, auto& sum) { return !__builtin_add_overflow(x, y, &sum); },
      [](double x, double y) { return x + y; });
}

std::optional<Number> subtract(const Number& a, const Number& b) noexcept {
  return calculate(
      a, b, [](auto x, auto y, auto& rest) { return !__builtin_sub_overflow(x, y, &rest); },
      [](double x, double y) { return x - y; });
}

std::optional<Number> multiply(const Number& a, const Number& b) noexcept {
  return calculate(
      a, b, [](auto x, auto y, auto& product) { return !__builtin_mul_overflow(x, y, &product); },
      [](double x, double y) { return x * y; });
}

std::optional<Number> divide(const Number& a, const Number& b) noexcept {
  if (is_zero(b)) return std::nullopt;
  return calculate(
      a, b,
      [](auto x, auto y, auto& quotient) {
        // The one quotient that does not fit is the least number over -1.
        if (y == -1) return !__builtin_sub_overflow(std::int64_t{0}, x, &quotient);
        quotient = x / y;
        return true;
      },
      [](double x, double y) { return x / y; });
}

std::partial_ordering order(Value a, Value b) noexcept {
  const auto* x = std::get_if<HeaderText>(&a);
  const auto* y = std::get_if<HeaderText>(&b);
  if (x != nullptr && y != nullptr) return order_headers(*x, *y);
  if (x != nullptr) a = read_as(b, *x);
  if (y != nullptr) b = read_as(a, *y);
  if (a.index() != b.index()) return std::partial_ordering::unordered;
  if (const auto* text = std::get_if<std::string_view>(&a)) {
    return *text <=> *std::get_if<std::string_view>(&b);
  }
  if (const auto* number = std::get_if<Number>(&a)) {
    return order_numbers(*number, *std::get_if<Number>(&b));
  }
  if (const auto* boolean = std::get_if<bool>(&a)) return *boolean <=> *std::get_if<bool>(&b);
  return std::partial_ordering::unordered;
}

std::optional<Number> number_of(const Value& value) noexcept {
  if (const auto* number = std::get_if<Number>(&value)) return *number;
  if (const auto* header = std::get_if<HeaderText>(&value)) return to_number(header->text);
  return std::nullopt;
}

}  // namespace romp::broker::selector
