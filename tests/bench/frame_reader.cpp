// SPDX-License-Identifier: Apache-2.0
#include "frame_reader.hpp"

#include <charconv>
#include <string>

#include "failure.hpp"
#include "line_ends.hpp"

namespace romp::bench {
namespace {

constexpr std::size_t unknown_length = ~std::size_t{0};

Frame::Kind kind_of(std::string_view command) {
  if (command == "MESSAGE") return Frame::Kind::message;
  if (command == "RECEIPT") return Frame::Kind::receipt;
  if (command == "CONNECTED") return Frame::Kind::connected;
  if (command == "ERROR") return Frame::Kind::error;
  throw Failure("the broker sent a frame named '" + std::string(command.substr(0, 40)) + "'");
}

// The first of two equal headers counts (STOMP 1.2, "Repeated Header Entries").
inline void take_value(std::string_view line, std::string_view name, std::string_view& value) {
  if (value.data() == nullptr && line.starts_with(name)) value = line.substr(name.size());
}

std::size_t parse_length(std::string_view text) {
  std::size_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (error != std::errc{} || end != text.data() + text.size() || length == unknown_length) {
    throw Failure("bad content-length '" + std::string(text.substr(0, 40)) + "'");
  }
  return length;
}

inline void take_header(std::string_view line, Frame& frame, std::string_view& length) {
  switch (line.front()) {
    case 's':
      return take_value(line, "subscription:", frame.subscription);
    case 'm':
      take_value(line, "message-id:", frame.message_id);
      return take_value(line, "message:", frame.message);
    case 'd':
      return take_value(line, "destination:", frame.destination);
    case 'c':
      return take_value(line, "content-length:", length);
    case 'a':
      return take_value(line, "ack:", frame.ack);
    case 'r':
      return take_value(line, "receipt-id:", frame.receipt_id);
    default:
      return;
  }
}

bool take_counted_body(std::string_view& octets, std::size_t length, std::string_view& body) {
  if (octets.size() <= length) return false;
  if (octets[length] != '\0') throw Failure("no NUL behind a body of content-length");
  body = octets.substr(0, length);
  octets.remove_prefix(length + 1);
  return true;
}

bool take_open_body(std::string_view& octets, std::string_view& body) {
  const std::size_t length = octets.find('\0');
  return length != std::string_view::npos && take_counted_body(octets, length, body);
}

/// The parts of a frame that parsing finds.
struct Parsed {
  std::string_view length;  ///< content-length; no pointer: none
  std::size_t head_size = 0;
};

bool parse_head(std::string_view octets, Frame& frame, Parsed& parsed) {
  LineEnds lines(octets);
  std::string_view line;
  if (!lines.take(line)) return false;
  frame = Frame{};
  frame.kind = kind_of(line);
  for (;;) {
    if (!lines.take(line)) return false;
    if (line.empty()) break;
    take_header(line, frame, parsed.length);
  }
  parsed.head_size = static_cast<std::size_t>(lines.place() - octets.data());
  return true;
}

std::string_view moved(std::string_view view, std::string_view from, const std::string& to) {
  if (view.data() == nullptr) return {};
  return {to.data() + (view.data() - from.data()), view.size()};
}

}  // namespace

bool FrameReader::next(std::string_view& octets, Frame& frame) {
  while (!octets.empty() && (octets.front() == '\n' || octets.front() == '\r')) {
    octets.remove_prefix(1);
  }
  if (take_alike(octets, frame)) return true;
  Parsed parsed;
  if (!parse_head(octets, frame, parsed)) return false;
  const std::string_view head = octets.substr(0, parsed.head_size);
  std::string_view rest = octets.substr(parsed.head_size);
  const bool is_counted = parsed.length.data() != nullptr;
  const bool is_whole = is_counted
                            ? take_counted_body(rest, parse_length(parsed.length), frame.body)
                            : take_open_body(rest, frame.body);
  if (!is_whole) return false;
  octets = rest;
  if (is_counted && frame.kind == Frame::Kind::message) remember(head, frame);
  return true;
}

bool FrameReader::take_alike(std::string_view& octets, Frame& frame) const {
  const std::string_view head = head_;
  if (head.empty() || !octets.starts_with(head.substr(0, before_id_))) return false;
  std::string_view rest = octets.substr(before_id_);
  const std::size_t id_size = rest.find('\n');
  if (id_size == std::string_view::npos) return false;
  const std::string_view id = rest.substr(0, id_size);
  rest.remove_prefix(id_size);
  const std::string_view behind = head.substr(behind_id_);
  if (!rest.starts_with(behind)) return false;
  rest.remove_prefix(behind.size());
  std::string_view body;
  if (!take_counted_body(rest, body_size_, body)) return false;
  frame = known_;
  frame.message_id = id;
  frame.body = body;
  octets = rest;
  return true;
}

// An ack header differs from message to message, so such heads are never alike. Where they differ
// in other things, looking for a new likeness every time would cost more than it saves.
void FrameReader::remember(std::string_view head, const Frame& frame) {
  if (!frame.ack.empty() || frame.message_id.empty() || head.find('\r') != head.npos) return;
  if (differences_++ % 16 != 0) return;
  head_ = head;
  before_id_ = static_cast<std::size_t>(frame.message_id.data() - head.data());
  behind_id_ = before_id_ + frame.message_id.size();
  known_ = Frame{};
  known_.subscription = moved(frame.subscription, head, head_);
  known_.destination = moved(frame.destination, head, head_);
  body_size_ = frame.body.size();
}

}  // namespace romp::bench
