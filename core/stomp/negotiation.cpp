// SPDX-License-Identifier: Apache-2.0
#include "stomp/negotiation.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string>

#include "stomp/error.hpp"

namespace romp::stomp {
namespace {

/// What is slower is as good as this: 49 days.
constexpr milliseconds longest_beat{std::numeric_limits<std::uint32_t>::max()};

std::optional<Version> version_of(std::string_view text) noexcept {
  for (const Version v : {Version::v1_0, Version::v1_1, Version::v1_2}) {
    if (text == name_of(v)) return v;
  }
  return std::nullopt;
}

std::string_view without_spaces(std::string_view text) noexcept {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::optional<milliseconds> beat_of(std::string_view text) noexcept {
  text = without_spaces(text);
  std::uint32_t ms = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, ms);
  if (error == std::errc::invalid_argument || stop != end) return std::nullopt;
  if (error == std::errc::result_out_of_range) return longest_beat;
  return milliseconds(ms);
}

/// The slower of what one side can and the other wants; none where either says 0.
milliseconds agreed(milliseconds can, milliseconds wants) noexcept {
  if (can.count() == 0 || wants.count() == 0) return milliseconds{0};
  return std::max(can, wants);
}

struct ClientBeat {
  milliseconds can{0};
  milliseconds wants{0};
};

ClientBeat client_beat(std::string_view header) {
  if (header.data() == nullptr) return {};
  const auto comma = header.find(',');
  const auto can = beat_of(header.substr(0, comma));
  const auto wants =
      comma == std::string_view::npos ? std::nullopt : beat_of(header.substr(comma + 1));
  if (!can || !wants) {
    throw ProtocolError("bad heart-beat",
                        "heart-beat must be two numbers of milliseconds, not " + quoted(header));
  }
  return {*can, *wants};
}

/// What CONNECTED says to a client's wish: none where it has none or the operator allows none.
milliseconds answer(milliseconds wish, milliseconds fastest, milliseconds slowest) noexcept {
  if (wish.count() == 0 || slowest.count() == 0) return milliseconds{0};
  return std::min(std::max(wish, fastest), slowest);
}

}  // namespace

std::optional<Version> choose_version(std::string_view list) noexcept {
  if (list.data() == nullptr) return Version::v1_0;
  std::optional<Version> best;
  while (true) {
    const auto comma = list.find(',');
    const auto one = version_of(without_spaces(list.substr(0, comma)));
    if (one && (!best || *one > *best)) best = one;
    if (comma == std::string_view::npos) return best;
    list.remove_prefix(comma + 1);
  }
}

HeartBeat negotiate(std::string_view header, const HeartBeatLimits& limits) {
  const ClientBeat client = client_beat(header);
  HeartBeat beat;
  beat.offered = answer(client.wants, limits.write_min, limits.write_max);
  beat.wanted = answer(client.can, limits.write_min, limits.read);
  beat.we_send = agreed(beat.offered, client.wants);
  beat.they_send = agreed(client.can, beat.wanted);
  return beat;
}

}  // namespace romp::stomp
