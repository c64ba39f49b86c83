// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <romp/plugin.hpp>

#include <string>
#include <string_view>

namespace downstream {

/// Publishes the message to the queue for what cannot be passed on, with where it was going from
/// and why it stays. False: that was not possible.
bool send_dead_letter(const romp::plugin& p, const std::string& queue,
                      const romp::frame_view& message, std::string_view from, std::string_view why);

}  // namespace downstream
