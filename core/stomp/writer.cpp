// SPDX-License-Identifier: Apache-2.0
#include "stomp/writer.hpp"

#include "stomp/escape.hpp"

namespace romp::stomp {
namespace {

bool is_escaped(Command command) {
  return command != Command::connect && command != Command::stomp && command != Command::connected;
}

void append_line(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).push_back(':');
  out.append(value).push_back('\n');
}

}  // namespace

void append_header(std::string& out, std::string_view name, std::string_view value,
                   Version version) {
  if (is_plain_name(name) && is_plain_value(value)) {
    append_line(out, name, value);
    return;
  }
  append_escaped_name(out, name, version);
  out += ':';
  append_escaped(out, value, version);
  out += '\n';
}

void append_frame(std::string& out, Command command, std::span<const Header> headers,
                  std::string_view body, Version version) {
  const Version spelling = is_escaped(command) ? version : Version::v1_0;
  out.append(name_of(command)).push_back('\n');
  for (const auto& h : headers) {
    if (classify(h.name) != Name::content_length) append_header(out, h.name, h.value, spelling);
  }
  if (!body.empty() || command == Command::message) {
    append_line(out, "content-length", std::to_string(body.size()));
  }
  out.push_back('\n');
  out.append(body).push_back('\0');
}

}  // namespace romp::stomp
