// SPDX-License-Identifier: Apache-2.0
#include "stomp/negotiation.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "stomp/error.hpp"

namespace romp::stomp {
namespace {

std::optional<Version> version_of(std::string_view text) noexcept {
  for (const Version v : {Version::v1_0, Version::v1_1, Version::v1_2}) {
    if (text == name_of(v)) return v;
  }
  return std::nullopt;
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::optional<milliseconds> beat_of(std::string_view text) noexcept {
  text = trimmed(text);
  std::uint32_t ms = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, ms);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return milliseconds(ms);
}

/// The slower of what one side can and the other wants; none where either says 0.
milliseconds agreed(milliseconds can, milliseconds wants) noexcept {
  if (can.count() == 0 || wants.count() == 0) return milliseconds{0};
  return std::max(can, wants);
}

}  // namespace

std::optional<Version> choose_version(std::string_view list) noexcept {
  if (list.data() == nullptr) return Version::v1_0;
  std::optional<Version> best;
  while (true) {
    const auto comma = list.find(',');
    const auto one = version_of(trimmed(list.substr(0, comma)));
    if (one && (!best || *one > *best)) best = one;
    if (comma == std::string_view::npos) return best;
    list.remove_prefix(comma + 1);
  }
}

HeartBeat negotiate(std::string_view header, const HeartBeatLimits& limits) {
  milliseconds client_can{0};
  milliseconds client_wants{0};
  if (header.data() != nullptr) {
    const auto comma = header.find(',');
    const auto can = beat_of(header.substr(0, comma));
    const auto wants =
        comma == std::string_view::npos ? std::nullopt : beat_of(header.substr(comma + 1));
    if (!can || !wants) {
      throw ProtocolError("bad heart-beat", "heart-beat must be two numbers of milliseconds: \"" +
                                                std::string(header.substr(0, 64)) + "\"");
    }
    client_can = *can;
    client_wants = *wants;
  }
  HeartBeat beat;
  if (limits.write_max.count() != 0) {
    beat.offered = std::clamp(client_wants, limits.write_min, limits.write_max);
  }
  if (limits.read.count() != 0) {
    beat.wanted = std::clamp(client_can, limits.write_min, limits.read);
  }
  if (client_wants.count() == 0) beat.offered = milliseconds{0};
  if (client_can.count() == 0) beat.wanted = milliseconds{0};
  beat.we_send = agreed(beat.offered, client_wants);
  beat.they_send = agreed(client_can, beat.wanted);
  return beat;
}

}  // namespace romp::stomp
