// SPDX-License-Identifier: Apache-2.0
#include "support/frame.hpp"

#include <algorithm>
#include <array>

#include "support/failure.hpp"

namespace romp::support {
namespace {

/// Each escape with the octet it stands for; `since` is the version that has it.
struct Escape {
  char letter;
  char octet;
  std::string_view since;
};
constexpr std::array<Escape, 4> escapes{
    {{'\\', '\\', "1.1"}, {'n', '\n', "1.1"}, {'c', ':', "1.1"}, {'r', '\r', "1.2"}}};

bool is_escaped(std::string_view command) {
  return command != "CONNECT" && command != "STOMP" && command != "CONNECTED";
}

std::string escaped(std::string_view text, std::string_view version) {
  std::string out;
  for (const char c : text) {
    const auto fits = [&](const Escape& e) { return e.octet == c && e.since <= version; };
    const auto at = std::ranges::find_if(escapes, fits);
    if (at == escapes.end()) {
      out += c;
    } else {
      out += {'\\', at->letter};
    }
  }
  return out;
}

std::string unescaped(std::string_view text, std::string_view version) {
  if (version == "1.0") return std::string(text);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    const char letter = ++i < text.size() ? text[i] : '\0';
    const auto fits = [&](const Escape& e) { return e.letter == letter && e.since <= version; };
    const auto at = std::ranges::find_if(escapes, fits);
    if (at == escapes.end()) throw Failure("undefined escape from the server: " + printable(text));
    out += at->octet;
  }
  return out;
}

std::size_t skip_line_ends(std::string& received) {
  const std::size_t at = std::min(received.find_first_not_of("\r\n"), received.size());
  const auto end = received.begin() + static_cast<std::ptrdiff_t>(at);
  const auto beats = static_cast<std::size_t>(std::count(received.begin(), end, '\n'));
  received.erase(0, at);
  return beats;
}

Frame parse_head(std::string_view head, std::string_view version) {
  Frame frame;
  const std::size_t end = head.find('\n');
  frame.command = head.substr(0, end);
  head.remove_prefix(std::min(end, head.size() - 1) + 1);
  const auto spelling = is_escaped(frame.command) ? version : "1.0";
  while (!head.empty()) {
    const auto line = head.substr(0, head.find('\n'));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) {
      throw Failure("header line without a colon from the server: " + printable(line));
    }
    frame.headers.emplace_back(unescaped(line.substr(0, colon), spelling),
                               unescaped(line.substr(colon + 1), spelling));
    head.remove_prefix(std::min(line.size() + 1, head.size()));
  }
  return frame;
}

}  // namespace

std::string Frame::header(std::string_view name) const {
  const auto at = std::ranges::find(headers, name, &Headers::value_type::first);
  return at == headers.end() ? "" : at->second;
}

bool Frame::has(std::string_view name) const {
  return std::ranges::find(headers, name, &Headers::value_type::first) != headers.end();
}

std::string printable(std::string_view octets) {
  constexpr std::string_view digits = "0123456789abcdef";
  constexpr std::size_t longest = 400;
  std::string out;
  for (const char c : octets.substr(0, longest)) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet >= 0x20 && octet < 0x7f) {
      out += c;
    } else {
      out += {'\\', 'x', digits[octet >> 4U], digits[octet & 15U]};
    }
  }
  return octets.size() > longest ? out + "..." : out;
}

std::string describe(const Frame& frame) {
  std::string text = frame.command;
  for (const auto& [name, value] : frame.headers) {
    text += " | " + printable(name) + ":" + printable(value);
  }
  return text + " | body \"" + printable(frame.body) + "\"";
}

std::string encode(const Frame& frame, std::string_view version) {
  const auto spelling = is_escaped(frame.command) ? version : "1.0";
  std::string out = frame.command + "\n";
  for (const auto& [name, value] : frame.headers) {
    out += escaped(name, spelling) + ":" + escaped(value, spelling) + "\n";
  }
  if (!frame.body.empty() && !frame.has("content-length")) {
    out += "content-length:" + std::to_string(frame.body.size()) + "\n";
  }
  return (out += "\n") += frame.body + std::string(1, '\0');
}

std::optional<Frame> take_frame(std::string& received, std::string_view version,
                                std::size_t& beats) {
  beats += skip_line_ends(received);
  const std::size_t empty_line = received.find("\n\n");
  if (empty_line == std::string::npos) return std::nullopt;
  const std::size_t body = empty_line + 2;
  Frame frame = parse_head(std::string_view(received).substr(0, empty_line), version);
  const auto length = frame.header("content-length");
  const std::size_t end = length.empty() ? received.find('\0', body) : body + std::stoul(length);
  if (end >= received.size()) return std::nullopt;
  if (received[end] != '\0') throw Failure("no NUL behind the body: " + describe(frame));
  frame.body = received.substr(body, end - body);
  received.erase(0, end + 1);
  return frame;
}

}  // namespace romp::support
