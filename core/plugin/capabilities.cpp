// SPDX-License-Identifier: Apache-2.0
#include "plugin/capabilities.hpp"

#include <array>

#include "romp/plugin.h"

namespace romp::plugin {
namespace {

struct Capability {
  std::uint64_t bit;
  std::string_view name;
};

constexpr std::array capabilities{
    Capability{ROMP_CAP_FRAMES, "frames"},
    Capability{ROMP_CAP_MUTATE, "mutate"},
    Capability{ROMP_CAP_CREDENTIALS, "credentials"},
    Capability{ROMP_CAP_AUTH, "auth"},
    Capability{ROMP_CAP_PUBLISH, "publish"},
    Capability{ROMP_CAP_SUBSCRIBE, "subscribe"},
    Capability{ROMP_CAP_SESSIONS, "sessions"},
    Capability{ROMP_CAP_NETWORK, "network"},
    Capability{ROMP_CAP_HTTP, "http"},
    Capability{ROMP_CAP_ADMIN, "admin"},
};

}  // namespace

std::optional<std::uint64_t> capability_of(std::string_view name) noexcept {
  for (const auto& c : capabilities) {
    if (c.name == name) return c.bit;
  }
  return std::nullopt;
}

std::string names_of_capabilities(std::uint64_t wanted) {
  std::string out;
  for (const auto& c : capabilities) {
    if ((wanted & c.bit) == 0) continue;
    if (!out.empty()) out += ", ";
    out += c.name;
  }
  return out.empty() ? "none" : out;
}

std::uint64_t known_capabilities() noexcept {
  std::uint64_t all = 0;
  for (const auto& c : capabilities) all |= c.bit;
  return all;
}

}  // namespace romp::plugin
