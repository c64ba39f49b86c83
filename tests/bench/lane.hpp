// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "frame_writer.hpp"

namespace romp::bench {

/// The way of messages from one producer to one destination.
struct Lane {
  std::string destination;
  std::uint32_t source;  ///< its number, in every stamp
  SendWriter writer;
  std::uint64_t sent = 0;
};

}  // namespace romp::bench
