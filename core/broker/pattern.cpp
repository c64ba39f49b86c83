// SPDX-License-Identifier: Apache-2.0
#include "broker/pattern.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <utility>

namespace romp::broker {

namespace {

constexpr std::string_view separators = "./";
constexpr std::size_t longest_name = 1024;

/// Goes through a name level by level; `rest` begins with the next level.
struct Levels {
  std::string_view rest;
  char separator = '\0';  ///< what ended the last level; 0 at the end of the name

  std::string_view next() noexcept {
    const std::size_t end = std::min(rest.find_first_of(separators), rest.size());
    const auto level = rest.substr(0, end);
    separator = end < rest.size() ? rest[end] : '\0';
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return level;
  }
};

bool takes_rest(std::string_view level) { return level == ">" || level == "#"; }

/// One character of UTF-8 text, and what is behind it.
struct Character {
  char32_t code;
  std::size_t size;
};

std::size_t size_of(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

bool is_allowed(char32_t code, std::size_t size) {
  constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  return code >= least[size] && code <= 0x10FFFF && !surrogate;
}

std::optional<Character> first_character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t size = size_of(lead);
  if (size == 0 || size > text.size()) return std::nullopt;
  char32_t code = size == 1 ? lead : lead & (0x7FU >> size);
  for (const char c : text.substr(1, size - 1)) {
    const auto octet = static_cast<unsigned char>(c);
    if ((octet & 0xC0U) != 0x80U) return std::nullopt;
    code = (code << 6) | (octet & 0x3FU);
  }
  if (!is_allowed(code, size)) return std::nullopt;
  return Character{code, size};
}

bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0); }

bool turns_text(char32_t c) { return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069); }

std::string_view why_bad_characters(std::string_view name) {
  while (!name.empty()) {
    const auto character = first_character(name);
    if (!character) return "is not valid UTF-8";
    if (is_control(character->code)) return "holds a control character";
    if (turns_text(character->code)) return "holds a character that turns the direction of text";
    name.remove_prefix(character->size);
  }
  return "";
}

bool take_dot(std::string_view& text) {
  const bool coded = text.starts_with("%2e") || text.starts_with("%2E");
  if (!coded && !text.starts_with('.')) return false;
  text.remove_prefix(coded ? 3 : 1);
  return true;
}

bool climbs(std::string_view step) { return take_dot(step) && take_dot(step) && step.empty(); }

/// Here only `/` splits, since a dot cannot be its own separator.
bool has_climbing_step(std::string_view name) {
  while (true) {
    const std::size_t end = name.find('/');
    if (climbs(name.substr(0, end))) return true;
    if (end == std::string_view::npos) return false;
    name.remove_prefix(end + 1);
  }
}

}  // namespace

Pattern::Pattern(std::string text) : text_(std::move(text)) {
  Levels levels{text_};
  while (true) {
    const auto level = levels.next();
    if (levels.separator == '\0') return;
    if (takes_rest(level)) {
      throw std::invalid_argument("pattern: \"" + std::string(level) + "\" is not the last level");
    }
  }
}

bool Pattern::is_pattern(std::string_view name) noexcept {
  Levels levels{name};
  do {
    const auto level = levels.next();
    if (level == "*" || takes_rest(level)) return true;
  } while (levels.separator != '\0');
  return false;
}

bool Pattern::matches(std::string_view name) const noexcept {
  Levels wanted{text_};
  Levels given{name};
  while (true) {
    const auto pattern = wanted.next();
    if (takes_rest(pattern)) return !given.rest.empty();
    const auto level = given.next();
    const bool fits = pattern == "*" ? !level.empty() : pattern == level;
    if (!fits || wanted.separator != given.separator) return false;
    if (wanted.separator == '\0') return true;
  }
}

bool glob_matches(std::string_view glob, std::string_view name) noexcept {
  if (!glob.ends_with('*')) return glob == name;
  glob.remove_suffix(1);
  return name.starts_with(glob);
}

std::string_view why_bad_name(std::string_view name) noexcept {
  if (name.empty()) return "is empty";
  if (name.size() > longest_name) return "is longer than 1024 octets";
  if (const auto why = why_bad_characters(name); !why.empty()) return why;
  return has_climbing_step(name) ? "has a level \"..\"" : "";
}

}  // namespace romp::broker
