// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "stomp/frame.hpp"

namespace romp::stomp {

/// What in a header text may need another spelling for a receiver of another version: a backslash,
/// a colon in a value, CR, LF. Text without them is the same in 1.0, 1.1 and 1.2.
bool is_plain_name(std::string_view name) noexcept;
bool is_plain_value(std::string_view value) noexcept;

/// Decodes a name or value as `version` says (STOMP 1.2, "Value Encoding"), in place, in one pass.
/// Returns the decoded length. Throws ProtocolError for an escape that the version does not define.
std::size_t unescape(char* text, std::size_t length, Version version);

/// Appends `text` spelled for a receiver of `version`. STOMP 1.0 knows no escapes: there a line
/// feed, which would forge a header line, comes out as the two characters `\n`, CR as `\r`.
void append_escaped(std::string& out, std::string_view text, Version version);

}  // namespace romp::stomp
