// SPDX-License-Identifier: Apache-2.0
#include "stomp/escape.hpp"

#include "stomp/error.hpp"

namespace romp::stomp {
namespace {

char decoded(char letter, Version version) {
  switch (letter) {
    case 'n':
      return '\n';
    case 'c':
      return ':';
    case '\\':
      return '\\';
    case 'r':
      if (version == Version::v1_2) return '\r';
      [[fallthrough]];
    default:
      throw ProtocolError("bad escape", std::string("the escape sequence \\") + letter +
                                            " in a header is not defined in STOMP " +
                                            std::string(name_of(version)));
  }
}

}  // namespace

bool is_plain_name(std::string_view name) noexcept {
  return name.find_first_of("\\:\r\n") == std::string_view::npos;
}

bool is_plain_value(std::string_view value) noexcept {
  return value.find_first_of("\\:\r\n") == std::string_view::npos;
}

std::size_t unescape(char* text, std::size_t length, Version version) {
  std::size_t out = 0;
  for (std::size_t in = 0; in < length; ++in) {
    if (text[in] != '\\') {
      text[out++] = text[in];
      continue;
    }
    if (++in == length) {
      throw ProtocolError("bad escape", "a header ends with a lone backslash");
    }
    text[out++] = decoded(text[in], version);
  }
  return out;
}

void append_escaped(std::string& out, std::string_view text, Version version) {
  for (const char c : text) {
    switch (c) {
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += version == Version::v1_1 ? "\r" : "\\r";
        break;
      case ':':
        out += version == Version::v1_0 ? ":" : "\\c";
        break;
      case '\\':
        out += version == Version::v1_0 ? "\\" : "\\\\";
        break;
      default:
        out += c;
    }
  }
}

}  // namespace romp::stomp
