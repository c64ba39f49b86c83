// SPDX-License-Identifier: Apache-2.0
#include "broker/selector_like.hpp"

namespace romp::broker::selector {

namespace {

LikeElement element_of(char c) {
  if (c == '_') return any_character;
  if (c == '%') return any_text;
  return static_cast<unsigned char>(c);
}

std::size_t after_character(std::string_view text, std::size_t at) {
  do {
    ++at;
  } while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U);
  return at;
}

/// Where the text goes on behind one element, or nothing where the element does not fit.
std::optional<std::size_t> pass(std::string_view text, std::size_t at, LikeElement element) {
  if (element == any_character) return after_character(text, at);
  if (element == static_cast<unsigned char>(text[at])) return at + 1;
  return std::nullopt;
}

}  // namespace

bool compile_like(std::string_view pattern, std::optional<char> escape,
                  std::vector<LikeElement>& elements) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != escape) {
      elements.push_back(element_of(pattern[i]));
    } else if (++i < pattern.size()) {
      elements.push_back(static_cast<unsigned char>(pattern[i]));
    } else {
      return false;
    }
  }
  return true;
}

Truth like(std::string_view text, std::span<const LikeElement> pattern,
           std::size_t& steps) noexcept {
  // Only the last `%` is ever tried again: what an earlier one could take, this one can take too.
  std::size_t at = 0;
  std::size_t element = 0;
  std::optional<std::size_t> retry_element;
  std::size_t retry_at = 0;
  while (at < text.size()) {
    if (steps == 0) return Truth::unknown;
    --steps;
    const bool more = element < pattern.size();
    if (more && pattern[element] == any_text) {
      retry_element = ++element;
      retry_at = at;
      if (element == pattern.size()) return Truth::yes;
    } else if (const auto next = more ? pass(text, at, pattern[element]) : std::nullopt) {
      at = *next;
      ++element;
    } else if (retry_element) {
      element = *retry_element;
      at = ++retry_at;
    } else {
      return Truth::no;
    }
  }
  while (element < pattern.size() && pattern[element] == any_text) ++element;
  return truth_of(element == pattern.size());
}

}  // namespace romp::broker::selector
