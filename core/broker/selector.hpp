// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/shared.hpp"
#include "broker/selector_program.hpp"

namespace romp::broker {

/// What a selector asks of a message: the first value of a header, or nothing where it is absent.
class HeaderLookup {
 public:
  virtual ~HeaderLookup() = default;
  virtual std::optional<std::string_view> header(std::string_view name) const = 0;
};

/// Why a selector is refused. The text is printable ASCII and safe to show and to log.
class SelectorError : public std::runtime_error {
 public:
  SelectorError(std::string_view problem, std::size_t position);
  /// Also names the text that was found there; an empty one is the end.
  SelectorError(std::string_view problem, std::size_t position, std::string_view found);

  /// Octets before the place of the mistake.
  std::size_t position() const noexcept { return position_; }

 private:
  std::size_t position_;
};

/// A condition on the headers of a message: the SQL-92 subset of JMS message selectors.
///
///     region = 'EU' AND (size BETWEEN 10 AND 20 OR content-type LIKE 'text/%') AND urgent
///
/// * A header is named by letters, digits, `_ $`, and by `.` and `-` that stand between two of
///   them: `a-b` is one header, `a - b` a subtraction. Any other name is written "in quotes".
/// * Headers are text. Beside a number a header that is wholly a number counts as that number,
///   beside TRUE or FALSE `true` and `false` count as those, beside a string it is compared octet
///   by octet. Two headers compare as numbers when both are numbers, else as strings.
/// * What cannot be compared, an absent header and a division by zero are unknown, and the
///   selector matches only when the whole is true. Whole numbers divide as in Java: 7 / 2 = 3.
/// * `==` and `!=` are read as `=` and `<>`.
///
/// Immutable and usable from any thread. Evaluation allocates nothing, and its cost is bounded by
/// the limits of selector::Limits.
class Selector final : public base::Shared {
 public:
  /// Throws SelectorError, also for an empty text.
  static base::Ptr<const Selector> parse(std::string_view text);

  /// Reads the one condition of romp's `filter` header, `name OP value`: = and != compare with an
  /// unquoted word as text, == > < with a number. The result's text is the selector it stands for.
  static base::Ptr<const Selector> parse_romp_filter(std::string_view text);

  bool matches(const HeaderLookup& headers) const;

  const std::string& text() const noexcept { return text_; }

  friend bool operator==(const Selector& a, const Selector& b) noexcept {
    return a.text_ == b.text_;
  }

 private:
  explicit Selector(std::string_view text);

  std::string text_;
  selector::Program program_;
};

}  // namespace romp::broker
