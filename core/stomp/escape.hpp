// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "stomp/frame.hpp"

namespace romp::stomp {

/// True for a header text that is spelled alike in 1.0, 1.1 and 1.2: no backslash, colon, CR or LF,
/// and no NUL, which no version can spell.
bool is_plain_name(std::string_view name) noexcept;
bool is_plain_value(std::string_view value) noexcept;

/// Decodes a name or value as `version` says (STOMP 1.2, "Value Encoding"), in place, in one pass.
/// Returns the decoded length. Throws ProtocolError for an escape that the version does not define.
std::size_t unescape(char* text, std::size_t length, Version version);

/// Appends a header's value, spelled for a receiver of `version`. STOMP 1.0 knows no escapes: there
/// a line feed, which would forge a header line, comes out as the two characters `\n`, and CR as
/// `\r`. STOMP 1.1 has no escape for CR; it gets it as it is. NUL is left out.
void append_escaped(std::string& out, std::string_view value, Version version);

/// The same for a header's name, where a colon would forge another name: `\c` for 1.0, too.
void append_escaped_name(std::string& out, std::string_view name, Version version);

}  // namespace romp::stomp
