// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "stomp/frame.hpp"

namespace romp::stomp {

/// Appends `name:value` and LF, spelled for a receiver of `version`.
void append_header(std::string& out, std::string_view name, std::string_view value,
                   Version version);

/// Appends a whole frame. A content-length among `headers` is passed over: it is written from the
/// body, always for MESSAGE, else where there is a body. CONNECT, STOMP and CONNECTED are spelled
/// as in 1.0, for they are never escaped (STOMP 1.2, "Value Encoding"). `command` must be a known
/// one.
void append_frame(std::string& out, Command command, std::span<const Header> headers,
                  std::string_view body, Version version);

}  // namespace romp::stomp
