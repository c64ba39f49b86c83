// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <romp/plugin.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace downstream {

inline constexpr std::string_view origin_header = "x-romp-origin-id";
inline constexpr std::string_view via_header = "x-romp-via";
inline constexpr std::string_view resent_header = "x-romp-resent";
inline constexpr std::size_t most_hops = 8;

/// Headers that belong to one hop of a message's way, and are not passed on.
bool is_of_the_hop(std::string_view name) noexcept;

/// Why a message goes no further over this bridge: it has been here, or over too many. Empty: it
/// does.
std::string_view why_dropped(std::string_view via, std::string_view node) noexcept;

/// A message on its way over the bridge: its headers, its place in the list of those it came over,
/// and a name that stays the same however often it is sent. The texts of the message must outlive
/// it. To be used again and again.
class Hop {
 public:
  explicit Hop(std::string node) : node_(std::move(node)) {}

  /// Begins anew with the headers of `message`; `origin` names it where it has no name yet.
  void begin(const romp::frame_view& message, std::string_view origin);
  /// `name` must live as long; `value` is copied by nobody either.
  void add(std::string_view name, std::string_view value) {
    headers_.push_back({romp::str(name), romp::str(value)});
  }

  /// The message with all of that, of which body and command are still to be set.
  romp_message message(std::string_view destination) const noexcept;

 private:
  const std::string node_;
  std::string via_;
  std::string_view content_type_;
  std::vector<romp_header> headers_;
};

}  // namespace downstream
