// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

#include "broker/pattern.hpp"

namespace {

using romp::broker::Pattern;

/// The same by trying out every way, which takes too long for names with many levels.
bool matches_slowly(std::string_view pattern, std::string_view name) {
  const auto level = [](std::string_view text) {
    const auto end = text.find_first_of("./");
    return text.substr(0, end);
  };
  const std::string_view wanted = level(pattern);
  const std::string_view given = level(name);
  if (wanted == ">" || wanted == "#") return !name.empty();
  if (wanted == "*" ? given.empty() : wanted != given) return false;
  pattern.remove_prefix(wanted.size());
  name.remove_prefix(given.size());
  if (pattern.empty() || name.empty()) return pattern.empty() && name.empty();
  if (pattern.front() != name.front()) return false;
  return matches_slowly(pattern.substr(1), name.substr(1));
}

}  // namespace

/// A pattern and a name behind a line end: what matches is what the rule says, and a bad pattern is
/// refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(octets), size);
  const std::size_t cut = std::min(text.find('\n'), text.size());
  const std::string_view pattern = text.substr(0, cut);
  const std::string_view name = cut == text.size() ? std::string_view() : text.substr(cut + 1);
  (void)romp::broker::why_bad_name(name);
  (void)romp::broker::glob_matches(pattern, name);
  try {
    const Pattern whole{std::string(pattern)};
    if (whole.matches(name) != matches_slowly(pattern, name)) std::abort();
  } catch (const std::invalid_argument&) {
    if (!Pattern::is_pattern(pattern)) std::abort();
  }
  return 0;
}
