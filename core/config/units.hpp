// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// How values are spelled in the ini. A parser takes the whole text or nothing: a sign, a fraction,
/// junk behind the number and a number that does not fit give no value. A printer writes what its
/// parser reads back unchanged.
namespace romp::config {

inline constexpr std::size_t ki = 1024;
inline constexpr std::size_t mi = ki * ki;
inline constexpr std::size_t gi = ki * mi;

/// Decimal digits only.
std::optional<std::uint64_t> parse_number(std::string_view text);

/// `4096`, `64k`, `16MiB`, `16 MiB`: a plain number or `B` is octets; `k` `M` `G` and `KiB` `MiB`
/// `GiB` are powers of 1024, in either case. `kB` and `MB`, which mean 1000 to some and 1024 to
/// others, are refused.
std::optional<std::uint64_t> parse_octets(std::string_view text);
/// In the largest unit that divides it: 16777216 is `16MiB`, 1000 is `1000`.
std::string print_octets(std::uint64_t octets);

/// `250ms`, `30s`, `5m`, `2h`, `7d`; a plain number is milliseconds.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
/// In the largest unit that divides it: 120000 ms is `2m`, zero is `0`.
std::string print_duration(std::chrono::milliseconds duration);

/// `yes` `no` `true` `false` `on` `off` `1` `0`, in either case.
std::optional<bool> parse_flag(std::string_view text);
std::string print_flag(bool flag);

/// Words separated by commas, blanks or both.
std::vector<std::string> parse_list(std::string_view text);
std::string print_list(const std::vector<std::string>& words);

/// Without blanks at both ends.
std::string_view trim(std::string_view text);

}  // namespace romp::config
