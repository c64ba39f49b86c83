// SPDX-License-Identifier: Apache-2.0
#include "config/units.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <span>

namespace romp::config {
namespace {

constexpr std::string_view blanks = " \t\r\n\v\f";

struct Unit {
  std::string_view name;
  std::uint64_t size;
};

constexpr std::uint64_t kibi = 1024;
// Smallest first; of the names of one size the printer takes the last.
constexpr std::array octet_units{
    Unit{"b", 1},
    Unit{"", 1},
    Unit{"k", kibi},
    Unit{"KiB", kibi},
    Unit{"m", kibi* kibi},
    Unit{"MiB", kibi* kibi},
    Unit{"g", kibi* kibi* kibi},
    Unit{"GiB", kibi* kibi* kibi},
};
constexpr std::array duration_units{
    Unit{"", 1},       Unit{"ms", 1},        Unit{"s", 1'000},
    Unit{"m", 60'000}, Unit{"h", 3'600'000}, Unit{"d", 86'400'000},
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_word(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::optional<std::uint64_t> parse_with_unit(std::string_view text, std::span<const Unit> units) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = parse_number(text.substr(0, digits));
  const std::string_view name = trim(text.substr(digits));
  const auto unit =
      std::ranges::find_if(units, [&](const Unit& u) { return same_word(u.name, name); });
  if (!number || unit == units.end()) return std::nullopt;
  if (*number > std::numeric_limits<std::uint64_t>::max() / unit->size) return std::nullopt;
  return *number * unit->size;
}

std::string print_with_unit(std::uint64_t number, std::span<const Unit> units) {
  if (number == 0) return "0";
  const auto fits = [number](const Unit& u) { return number % u.size == 0; };
  const auto unit = std::find_if(units.rbegin(), units.rend(), fits);
  return std::to_string(number / unit->size).append(unit->name);
}

}  // namespace

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::uint64_t> parse_octets(std::string_view text) {
  return parse_with_unit(text, octet_units);
}

std::string print_octets(std::uint64_t octets) { return print_with_unit(octets, octet_units); }

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  using Count = std::chrono::milliseconds::rep;
  const auto number = parse_with_unit(text, duration_units);
  if (!number || *number > static_cast<std::uint64_t>(std::numeric_limits<Count>::max())) {
    return std::nullopt;
  }
  return std::chrono::milliseconds{static_cast<Count>(*number)};
}

std::string print_duration(std::chrono::milliseconds duration) {
  return print_with_unit(static_cast<std::uint64_t>(duration.count()), duration_units);
}

std::optional<bool> parse_flag(std::string_view text) {
  const auto is = [text](std::string_view word) { return same_word(text, word); };
  if (is("yes") || is("true") || is("on") || is("1")) return true;
  if (is("no") || is("false") || is("off") || is("0")) return false;
  return std::nullopt;
}

std::string print_flag(bool flag) { return flag ? "yes" : "no"; }

std::vector<std::string> parse_list(std::string_view text) {
  constexpr std::string_view separators = ", \t";
  std::vector<std::string> words;
  for (std::size_t begin = 0; (begin = text.find_first_not_of(separators, begin)) != text.npos;) {
    const std::size_t end = std::min(text.find_first_of(separators, begin), text.size());
    words.emplace_back(text.substr(begin, end - begin));
    begin = end;
  }
  return words;
}

std::string print_list(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text.append(text.empty() ? "" : ", ").append(word);
  return text;
}

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

}  // namespace romp::config
