// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include "romp/plugin.h"

namespace romp::plugin {

/// The rule "size first": what a plugin passes in may be newer than the host if the bytes the host
/// does not know are zero. A size beyond `extent_limit` is a lie, and is not read.
inline constexpr std::uint32_t extent_limit = 4096;

struct Extent {
  romp_status status = ROMP_OK;
  std::string problem;  ///< "8 bytes beyond ABI 1.0 are not zero"; empty when good
};

/// Looks at a struct that begins with its size. `known` is the size in the host's header.
Extent extent_of(const void* from_plugin, std::size_t known);

}  // namespace romp::plugin
