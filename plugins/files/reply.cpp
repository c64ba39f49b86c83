// SPDX-License-Identifier: Apache-2.0
#include "reply.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace files {
namespace {

struct Type {
  std::string_view ending;
  std::string_view name;
};

constexpr std::array types{
    Type{".html", "text/html;charset=utf-8"},
    Type{".css", "text/css;charset=utf-8"},
    Type{".js", "text/javascript;charset=utf-8"},
    Type{".mjs", "text/javascript;charset=utf-8"},
    Type{".json", "application/json"},
    Type{".map", "application/json"},
    Type{".svg", "image/svg+xml"},
    Type{".png", "image/png"},
    Type{".jpg", "image/jpeg"},
    Type{".jpeg", "image/jpeg"},
    Type{".gif", "image/gif"},
    Type{".webp", "image/webp"},
    Type{".ico", "image/x-icon"},
    Type{".txt", "text/plain;charset=utf-8"},
    Type{".md", "text/plain;charset=utf-8"},
    Type{".xml", "application/xml"},
    Type{".pdf", "application/pdf"},
    Type{".wasm", "application/wasm"},
    Type{".woff", "font/woff"},
    Type{".woff2", "font/woff2"},
    Type{".mp4", "video/mp4"},
    Type{".webm", "video/webm"},
    Type{".webmanifest", "application/manifest+json"},
};

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::optional<std::uint64_t> number(std::string_view text) noexcept {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::string_view type_of(std::string_view name) noexcept {
  const auto dot = name.rfind('.');
  const std::string_view ending = dot == name.npos ? "" : name.substr(dot);
  const auto at = std::find_if(types.begin(), types.end(),
                               [&](const Type& type) { return type.ending == ending; });
  return at == types.end() ? "application/octet-stream" : at->name;
}

bool matches(std::string_view if_none_match, std::string_view etag) noexcept {
  while (!if_none_match.empty()) {
    const auto comma = std::min(if_none_match.find(','), if_none_match.size());
    std::string_view one = trimmed(if_none_match.substr(0, comma));
    if (one == "*") return true;
    if (one.substr(0, 2) == "W/") one.remove_prefix(2);
    if (one == etag) return true;
    if_none_match.remove_prefix(std::min(comma + 1, if_none_match.size()));
  }
  return false;
}

std::optional<Range> range_of(std::string_view header, std::uint64_t size) noexcept {
  constexpr std::string_view unit = "bytes=";
  if (header.substr(0, unit.size()) != unit) return std::nullopt;
  const std::string_view wish = trimmed(header.substr(unit.size()));
  const auto dash = wish.find('-');
  if (dash == wish.npos || wish.find(',') != wish.npos) return std::nullopt;
  const auto first = number(wish.substr(0, dash));
  const auto last = number(wish.substr(dash + 1));
  if (dash == 0) {
    if (!last) return std::nullopt;
    const std::uint64_t count = std::min(*last, size);
    return Range{size - count, count};
  }
  const bool open = dash + 1 == wish.size();
  if (!first || (!open && (!last || *last < *first))) return std::nullopt;
  if (*first >= size) return Range{};
  const std::uint64_t end = open ? size : std::min(*last + 1, size);
  return Range{*first, end - *first};
}

}  // namespace files
