// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace romp::plugin {

/// The bit of "frames", "publish" and the like.
std::optional<std::uint64_t> capability_of(std::string_view name) noexcept;

/// "frames, publish"; "none" for 0.
std::string names_of_capabilities(std::uint64_t capabilities);

/// All bits that this host knows.
std::uint64_t known_capabilities() noexcept;

}  // namespace romp::plugin
