// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace romp::broker {

/// A set of destination names, as a wildcard subscription asks for it. Levels are split by `.` and
/// `/`, which stand for themselves: `a.*` does not match `a/b`.
///
///     *       one level that is not empty             /topic/*.eu   /topic/shop.eu
///     > or #  one or more levels, only at the end     /topic/>      /topic/shop.eu, not /topic
///
/// Immutable and usable from any thread; matching allocates nothing and takes linear time.
class Pattern {
 public:
  /// Throws std::invalid_argument when `>` or `#` is not the last level.
  explicit Pattern(std::string text);

  /// True when a whole level is `*`, `>` or `#`.
  static bool is_pattern(std::string_view name) noexcept;

  bool matches(std::string_view name) const noexcept;

  const std::string& text() const noexcept { return text_; }

  friend bool operator==(const Pattern&, const Pattern&) = default;

 private:
  std::string text_;
};

/// How the configuration names destinations: a `*` at the end takes every name that begins so,
/// whatever its levels; without it only the name itself.
bool glob_matches(std::string_view glob, std::string_view name) noexcept;

/// Why a name can be no destination ("is longer than 1024 octets"), or "" when it can.
/// Wildcards are allowed here: whether a name is a pattern is another question.
std::string_view why_bad_name(std::string_view name) noexcept;

}  // namespace romp::broker
