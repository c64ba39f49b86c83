// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <romp/plugin.h>

#include <cstddef>
#include <string>

namespace downstream {

/// What one xtomp takes; it must not be sent more. An answer whose MESSAGE does not fit its buffer
/// keeps its slot for ever there, and in the end stops the destination for all.
struct XtompLimits {
  std::size_t buffer = 200;           ///< its response_client_buffer
  std::size_t max_message = 1048576;  ///< its max_message_size
};

/// Why it must not be sent; empty: it may.
std::string why_unfit(const romp_message& message, const XtompLimits& limits);

}  // namespace downstream
