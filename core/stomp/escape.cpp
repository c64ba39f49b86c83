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
      throw ProtocolError("bad escape", "STOMP " + std::string(name_of(version)) +
                                            " has no escape sequence " +
                                            quoted(std::string{'\\', letter}));
  }
}

bool is_plain(std::string_view text) noexcept {
  constexpr std::string_view special("\\:\r\n\0", 5);
  return text.find_first_of(special) == std::string_view::npos;
}

void append_spelled(std::string& out, std::string_view text, Version version,
                    std::string_view colon) {
  for (const char c : text) {
    switch (c) {
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += version == Version::v1_1 ? "\r" : "\\r";
        break;
      case ':':
        out += colon;
        break;
      case '\\':
        out += version == Version::v1_0 ? "\\" : "\\\\";
        break;
      case '\0':
        break;
      default:
        out += c;
    }
  }
}

}  // namespace

bool is_plain_name(std::string_view name) noexcept { return is_plain(name); }

bool is_plain_value(std::string_view value) noexcept { return is_plain(value); }

std::size_t unescape(char* text, std::size_t length, Version version) {
  std::size_t out = 0;
  for (std::size_t in = 0; in < length; ++in) {
    if (text[in] != '\\') {
      text[out++] = text[in];
      continue;
    }
    if (++in == length) throw ProtocolError("bad escape", "a header ends with a lone backslash");
    text[out++] = decoded(text[in], version);
  }
  return out;
}

void append_escaped(std::string& out, std::string_view value, Version version) {
  append_spelled(out, value, version, version == Version::v1_0 ? ":" : "\\c");
}

void append_escaped_name(std::string& out, std::string_view name, Version version) {
  append_spelled(out, name, version, "\\c");
}

}  // namespace romp::stomp
