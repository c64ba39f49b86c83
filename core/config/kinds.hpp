// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/settings.hpp"
#include "config/units.hpp"

namespace romp::config {

/// A way to spell values of type T in the ini.
template <class T>
struct Kind {
  std::string expects;                                      ///< ends the sentence "expected ..."
  std::function<std::optional<T>(std::string_view)> parse;  ///< nothing: not what is expected
  std::function<std::string(const T&)> print;
};

template <std::unsigned_integral T>
Kind<T> count(T least, T most) {
  const auto parse = [least, most](std::string_view text) -> std::optional<T> {
    const auto number = parse_number(text);
    if (!number || *number < least || *number > most) return std::nullopt;
    return static_cast<T>(*number);
  };
  return {"a whole number from " + std::to_string(least) + " to " + std::to_string(most), parse,
          [](const T& number) { return std::to_string(number); }};
}

Kind<std::size_t> octets(std::size_t least, std::size_t most);
Kind<milliseconds> duration(milliseconds least, milliseconds most);
Kind<bool> flag();
Kind<std::string> text();
/// Text that is not empty.
Kind<std::string> word();
/// A numeric IPv4 or IPv6 address; names are not looked up.
Kind<std::string> address();
Kind<std::vector<std::string>> list();
Kind<std::vector<std::uint16_t>> ports();

/// One of a few words, each with its value.
template <class T>
Kind<T> choice(std::vector<std::pair<std::string_view, T>> words) {
  std::string expects = "one of";
  for (const auto& [name, value] : words) expects.append(" ").append(name);
  const auto parse = [words](std::string_view text) -> std::optional<T> {
    for (const auto& [name, value] : words) {
      if (name == text) return value;
    }
    return std::nullopt;
  };
  const auto print = [words](const T& wanted) {
    for (const auto& [name, value] : words) {
      if (value == wanted) return std::string(name);
    }
    return std::string();
  };
  return {std::move(expects), parse, print};
}

}  // namespace romp::config
