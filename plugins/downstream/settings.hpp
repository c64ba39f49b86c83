// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <romp/plugin.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace downstream {

/// `from` on one side of the bridge becomes `to` on the other. Where both end in a wildcard, what
/// stands there stays the same.
struct Line {
  std::string from;
  std::string to;

  std::string target_of(std::string_view destination) const;
};

/// The section of one bridge, checked.
struct Settings {
  romp::client_options connection;
  bool is_xtomp = false;  ///< the other side is xtomp, and has its limits

  // Edge mode:
  std::vector<Line> requests;  ///< there, and here; `to` may be empty
  std::string reply;
  std::string reply_header;
  std::string route_header;
  std::string correlation_header;

  // Forward mode:
  std::vector<Line> out;
  std::vector<Line> in;
  std::uint32_t window = 2000;
  std::string dead_letter;
  std::string node;

  // The limits of xtomp:
  std::size_t peer_buffer = 200;
  std::size_t peer_max_message = 1048576;

  std::string statistics;
  std::chrono::seconds statistics_interval{60};

  bool is_edge() const noexcept { return !requests.empty(); }
};

/// The keys of the section.
inline constexpr std::size_t key_count = 30;
extern const romp_config_key keys[key_count];

/// Throws romp::failure that names the key.
Settings read_settings(romp::plugin& p);

/// "a -> b, c -> d"; throws std::invalid_argument that says what is wrong.
std::vector<Line> lines_of(const std::string& text);
/// "a, b": without the blanks around; no empty ones.
std::vector<std::string> list_of(const std::string& text);

}  // namespace downstream
