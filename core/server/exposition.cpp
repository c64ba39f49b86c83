// SPDX-License-Identifier: Apache-2.0
#include "server/exposition.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace romp::server {
namespace {

void append_escaped(std::string& out, std::string_view text, bool quotes) {
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\\' || (quotes && c == '"')) {
      out += '\\';
      out += c;
    } else {
      out += c;
    }
  }
}

std::string spelled(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return {digits.data(), end};
}

}  // namespace

void Exposition::family(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  text_.append("# HELP ").append(name).append(" ");
  append_escaped(text_, help, false);
  text_.append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
}

void Exposition::begin_sample(Labels labels, std::string_view suffix) {
  text_.append(name_).append(suffix);
  const char* before = "{";
  for (const auto& [name, value] : labels) {
    text_.append(before).append(name).append("=\"");
    append_escaped(text_, value, true);
    text_ += '"';
    before = ",";
  }
  text_.append(labels.size() == 0 ? " " : "} ");
}

void Exposition::sample(Labels labels, double value, std::string_view suffix) {
  begin_sample(labels, suffix);
  text_.append(spelled(value)).append("\n");
}

void Exposition::sample(Labels labels, std::uint64_t value, std::string_view suffix) {
  begin_sample(labels, suffix);
  text_.append(std::to_string(value)).append("\n");
}

void Exposition::single(std::string_view name, std::string_view type, std::string_view help,
                        std::uint64_t value) {
  family(name, type, help);
  sample({}, value);
}

}  // namespace romp::server
