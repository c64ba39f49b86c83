// SPDX-License-Identifier: Apache-2.0
#include "stomp/parser.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string>

#include "base/text.hpp"
#include "stomp/error.hpp"
#include "stomp/escape.hpp"
#include "stomp/negotiation.hpp"
#include "stomp/specials.hpp"
#include "stomp/utf8.hpp"

namespace romp::stomp {
namespace {

constexpr std::size_t longest_word = 32;

[[noreturn]] void fail(const char* message, std::string detail) {
  throw ProtocolError(message, std::move(detail));
}

[[noreturn]] void fail_for_nul() {
  fail("bad header", "a NUL octet before the empty line that ends the headers");
}

std::size_t count_line_ends(std::span<char> input) {
  std::size_t n = 0;
  while (n < input.size()) {
    if (input[n] == '\n') {
      ++n;
    } else if (input[n] == '\r' && n + 1 < input.size() && input[n + 1] == '\n') {
      n += 2;
    } else {
      break;
    }
  }
  return n;
}

bool is_half_line_end(std::span<char> input) { return input.size() == 1 && input[0] == '\r'; }

const char* find(std::span<char> input, std::size_t from, char c) {
  return static_cast<const char*>(std::memchr(input.data() + from, c, input.size() - from));
}

bool is_word(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  return !text.empty() && text.size() <= longest_word && std::ranges::all_of(text, fits);
}

std::size_t content_length(std::string_view text, std::size_t limit) {
  std::size_t length = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, length);
  if (error == std::errc::invalid_argument || stop != end) {
    fail("bad content-length", "content-length is not a number of octets: " + quoted(text));
  }
  if (error == std::errc::result_out_of_range || length > limit) {
    fail("body too large", "content-length is " + quoted(text) + ", the limit is " +
                               std::to_string(limit) + " octets");
  }
  return length;
}

/// Commands whose headers are never escaped, so that any version can read them (STOMP 1.2, "Value
/// Encoding").
bool is_literal(Command command) {
  return command == Command::connect || command == Command::stomp || command == Command::connected;
}

/// A client that asks for 1.0 pads its CONNECT, too.
bool is_padded(const Frame& frame) {
  return frame.command != Command::connected &&
         choose_version(frame.find(Name::accept_version)) == Version::v1_0;
}

}  // namespace

Parser::Result Parser::next(std::span<char> input, Frame& frame) {
  frame.clear();
  skipped_ = in_frame() ? 0 : count_line_ends(input);
  consumed_ = skipped_;
  input = input.subspan(skipped_);
  if (input.empty() || is_half_line_end(input)) return Result::need_more;
  return has_missing(input) ? whole(input, frame) : Result::need_more;
}

Parser::Result Parser::whole(std::span<char> input, Frame& frame) {
  escapes_ = false;
  const char* const line = command(input, frame);
  if (line == nullptr) return wait_for(Missing::command, input);
  const char* const body = headers(line, input, frame);
  if (body == nullptr) return wait_for(Missing::empty_line, input);
  const auto at = static_cast<std::size_t>(body - input.data());
  return frame.has(Name::content_length) ? body_with_length(input, at, frame)
                                         : body_to_nul(input, at, frame);
}

/// Returns where the first header line begins, or null while the command line is not whole.
const char* Parser::command(std::span<char> input, Frame& frame) const {
  const auto longest = input.first(std::min(input.size(), longest_word + 2));
  const char* const lf = find(longest, 0, '\n');
  frame.word = {longest.data(), lf != nullptr ? lf : longest.data() + longest.size()};
  if (frame.word.ends_with('\r')) frame.word.remove_suffix(1);
  frame.command = command_of(frame.word);
  if (frame.command == Command::unknown && !is_word(frame.word)) {
    fail("bad command", "not a STOMP command: " + quoted(frame.word));
  }
  return lf != nullptr ? lf + 1 : nullptr;
}

/// Returns where the body begins, or null while the empty line has not come.
const char* Parser::headers(const char* line, std::span<char> input, Frame& frame) {
  const char* const first = line;
  const char* const end = input.data() + input.size();
  const char* colon = nullptr;
  Specials specials(line, end);
  while (const char* at = specials.next()) {
    switch (*at) {
      case '\n': {
        const char* stop = at != line && at[-1] == '\r' ? at - 1 : at;
        if (stop == line) {
          if (specials.saw_high_octet() && !is_utf8({first, line})) {
            fail("bad header", "the headers of " + std::string(frame.word) + " are not UTF-8");
          }
          return at + 1;
        }
        header(line, colon, stop, frame);
        line = at + 1;
        colon = nullptr;
        break;
      }
      case ':':
        if (colon == nullptr) {
          colon = at;
        } else {
          frame.plain = false;
        }
        break;
      case '\\':
        escapes_ = true;
        frame.plain = false;
        break;
      case '\r':
        if (at + 1 == end || at[1] == '\n') break;
        if (version_ == Version::v1_2) fail("bad header", "a header holds a lone carriage return");
        frame.plain = false;
        break;
      default:
        fail_for_nul();
    }
  }
  lines_ = frame.headers().size();
  line_ = static_cast<std::size_t>(line - input.data());
  check_unfinished_line(input.size() - line_);
  return nullptr;
}

void Parser::header(const char* line, const char* colon, const char* end, Frame& frame) const {
  const std::string_view text(line, static_cast<std::size_t>(end - line));
  check_line_size(text.size());
  check_header_count(frame.headers().size() + 1);
  if (colon == nullptr) fail("bad header", "header line without a colon: " + quoted(text));
  const auto name_length = static_cast<std::size_t>(colon - line);
  if (name_length == 0) fail("bad header", "header line without a name: " + quoted(text));
  std::string_view value = text.substr(name_length + 1);
  if (version_ == Version::v1_0) value = base::trimmed(value);
  frame.append(text.substr(0, name_length), value);
}

Parser::Result Parser::body_with_length(std::span<char> input, std::size_t at, Frame& frame) {
  const std::size_t length = content_length(frame.find(Name::content_length), limits_->body);
  const std::size_t total = at + length + 1;
  check_frame_size(total);
  if (total > input.size()) {
    if (length <= limits_->large_body) {
      needed_ = total;
      return wait_for(Missing::length, input);
    }
    body_length_ = length;
    consumed_ += at;
    scanned_ = 0;
    missing_ = Missing::command;
    decode(frame);
    return Result::large_body;
  }
  if (input[total - 1] != '\0') {
    fail("bad body", "no NUL after the " + std::to_string(length) + " octets of content-length");
  }
  frame.body_is({input.data() + at, length});
  return done(total, frame);
}

Parser::Result Parser::body_to_nul(std::span<char> input, std::size_t at, Frame& frame) {
  const char* const nul = find(input, at, '\0');
  if (nul == nullptr) {
    body_at_ = at;
    check_body_size(input.size() - at);
    return wait_for(Missing::nul, input);
  }
  const auto length = static_cast<std::size_t>(nul - input.data()) - at;
  check_body_size(length);
  check_frame_size(at + length + 1);
  frame.body_is({input.data() + at, length});
  return done(at + length + 1, frame);
}

Parser::Result Parser::wait_for(Missing missing, std::span<char> input) {
  check_frame_size(input.size());
  scanned_ = input.size();
  missing_ = missing;
  return Result::need_more;
}

Parser::Result Parser::done(std::size_t length, Frame& frame) {
  consumed_ += length;
  scanned_ = 0;
  missing_ = Missing::command;
  decode(frame);
  return Result::frame;
}

void Parser::decode(Frame& frame) const {
  if (is_literal(frame.command)) {
    if (!is_padded(frame)) return;
    for (auto& h : frame.raw_headers()) h.value = base::trimmed(h.value);
    return;
  }
  if (!escapes_ || version_ == Version::v1_0) return;
  const auto decoded = [this](std::string_view text) {
    if (text.find('\\') == std::string_view::npos) return text;
    return text.substr(0, unescape(const_cast<char*>(text.data()), text.size(), version_));
  };
  for (auto& h : frame.raw_headers()) h = {decoded(h.name), decoded(h.value)};
}

/// True when the frame should be read again.
bool Parser::has_missing(std::span<char> input) {
  switch (missing_) {
    case Missing::command:  // a command line is short, and garbage should be seen at once
      return true;
    case Missing::empty_line:
      return has_empty_line(input);
    case Missing::length:
      return input.size() >= needed_;
    case Missing::nul:
      return has_nul(input);
  }
  return true;
}

bool Parser::has_empty_line(std::span<char> input) {
  const std::size_t from = scanned_;
  while (const char* lf = find(input, scanned_, '\n')) {
    const auto at = static_cast<std::size_t>(lf - input.data());
    if (at == line_ || (at == line_ + 1 && input[line_] == '\r')) return true;
    check_unfinished_line(at - line_);
    check_header_count(++lines_);
    line_ = scanned_ = at + 1;
  }
  if (find(input, from, '\0') != nullptr) fail_for_nul();
  scanned_ = input.size();
  check_unfinished_line(scanned_ - line_);
  check_frame_size(scanned_);
  return false;
}

bool Parser::has_nul(std::span<char> input) {
  if (find(input, scanned_, '\0') != nullptr) return true;
  scanned_ = input.size();
  check_body_size(scanned_ - body_at_);
  check_frame_size(scanned_);
  return false;
}

void Parser::check_body_size(std::size_t size) const {
  if (size <= limits_->body) return;
  fail("body too large", "body over " + std::to_string(limits_->body) + " octets");
}

void Parser::check_frame_size(std::size_t size) const {
  if (limits_->frame == 0 || size <= limits_->frame) return;
  fail("frame too large",
       "frame over " + std::to_string(limits_->frame) + " octets, the limit before CONNECTED");
}

void Parser::check_line_size(std::size_t size) const {
  if (size <= limits_->header_line) return;
  fail("header too long", "header line over " + std::to_string(limits_->header_line) + " octets");
}

/// One octet more may stand there: the CR of a line end.
void Parser::check_unfinished_line(std::size_t size) const {
  if (size != 0) check_line_size(size - 1);
}

void Parser::check_header_count(std::size_t count) const {
  if (count <= limits_->headers) return;
  fail("too many headers", "more than " + std::to_string(limits_->headers) + " headers");
}

}  // namespace romp::stomp
