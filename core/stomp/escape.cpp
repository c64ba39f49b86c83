// SPDX-License-Identifier: Apache-2.0
#include "stomp/escape.hpp"

#include <array>

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

constexpr auto is_special = [] {
  std::array<unsigned char, 256> table{};
  for (const unsigned char c : {'\\', ':', '\r', '\n', '\0'}) table[c] = 1;
  return table;
}();

/// Texts are short: to look at every octet takes less than to stop at the first special one.
bool is_plain(std::string_view text) noexcept {
  unsigned found = 0;
  for (const char c : text) found |= is_special[static_cast<unsigned char>(c)];
  return found == 0;
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
