// SPDX-License-Identifier: Apache-2.0
#include "stomp/parser.hpp"

#include <charconv>
#include <cstring>
#include <string>

#include "stomp/error.hpp"
#include "stomp/escape.hpp"

namespace romp::stomp {
namespace {

constexpr std::size_t longest_word = 32;

[[noreturn]] void fail(const char* message, std::string detail) {
  throw ProtocolError(message, std::move(detail));
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

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return text.substr(0, 0);
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_word(std::string_view word) {
  if (word.empty() || word.size() > longest_word) return false;
  for (const char c : word) {
    if ((c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && c != '-') return false;
  }
  return true;
}

std::size_t content_length(std::string_view text, std::size_t limit) {
  std::size_t length = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, length);
  if (error == std::errc::invalid_argument || stop != end) {
    fail("bad content-length",
         "content-length is not a number of octets: \"" + std::string(text.substr(0, 64)) + "\"");
  }
  if (error == std::errc::result_out_of_range || length > limit) {
    fail("body too large", "content-length is " + std::string(text.substr(0, 64)) +
                               ", the limit is " + std::to_string(limit) + " octets");
  }
  return length;
}

}  // namespace

Parser::Result Parser::next(std::span<char> input, Frame& frame) {
  consumed_ = 0;
  if (!in_frame()) {
    consumed_ = count_line_ends(input);
    input = input.subspan(consumed_);
  }
  if (input.empty() || input.size() < needed_) return Result::need_more;
  if (scanned_ != 0 && !(body_at_ == 0 ? header_end_seen(input) : body_end_seen(input))) {
    return Result::need_more;
  }
  return whole(input, frame);
}

void Parser::reread(std::span<char> header_block, Frame& frame) {
  frame.clear();
  Specials specials(header_block.data(), header_block.data() + header_block.size());
  const char* line = command(specials, header_block, frame);
  headers(specials, line, header_block, frame);
  decode(frame);
}

Parser::Result Parser::whole(std::span<char> input, Frame& frame) {
  frame.clear();
  escapes_ = false;
  Specials specials(input.data(), input.data() + input.size());
  const char* line = command(specials, input, frame);
  const std::size_t at = line != nullptr ? headers(specials, line, input, frame) : 0;
  if (at != 0) return body(input, at, frame);
  header_end_seen(input);
  return Result::need_more;
}

/// Returns where the first header line begins, or null while the command line is not whole.
const char* Parser::command(Specials& specials, std::span<char> input, Frame& frame) {
  const char* const end = input.data() + input.size();
  const char* const stop = specials.next();
  const bool cr = stop != nullptr && *stop == '\r';
  const char* const lf = cr ? specials.next() : stop;
  const std::string_view word(input.data(), stop != nullptr ? stop : end);
  const bool ends_well = lf == nullptr ? !cr || stop + 1 == end : *lf == '\n' && lf - stop <= 1;
  if (!is_word(word) || !ends_well) {
    fail("bad command",
         "not a STOMP command: \"" + std::string(word.substr(0, longest_word)) + "\"");
  }
  if (lf == nullptr) return nullptr;
  frame.word = word;
  frame.command = command_of(word);
  return lf + 1;
}

/// Returns where the body begins, or 0 while the empty line has not come.
std::size_t Parser::headers(Specials& specials, const char* line, std::span<char> input,
                            Frame& frame) {
  const char* const end = input.data() + input.size();
  const char* colon = nullptr;
  while (const char* at = specials.next()) {
    switch (*at) {
      case '\n': {
        const char* stop = at != line && at[-1] == '\r' ? at - 1 : at;
        if (stop == line) return static_cast<std::size_t>(at + 1 - input.data());
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
        fail("bad header", "a NUL octet in the headers of " + std::string(frame.word));
    }
  }
  return 0;
}

void Parser::header(const char* line, const char* colon, const char* end, Frame& frame) const {
  const std::string_view text(line, static_cast<std::size_t>(end - line));
  if (text.size() > limits_->header_line) {
    fail("header too long", "header line over " + std::to_string(limits_->header_line) + " octets");
  }
  if (frame.headers().size() == limits_->headers) {
    fail("too many headers", "more than " + std::to_string(limits_->headers) + " headers");
  }
  if (colon == nullptr) {
    fail("bad header", "header line without a colon: \"" + std::string(text.substr(0, 64)) + "\"");
  }
  const auto name_length = static_cast<std::size_t>(colon - line);
  if (name_length == 0) fail("bad header", "header line without a name");
  std::string_view value = text.substr(name_length + 1);
  if (version_ == Version::v1_0) value = trimmed(value);
  frame.append({text.substr(0, name_length), value});
}

Parser::Result Parser::body(std::span<char> input, std::size_t at, Frame& frame) {
  return frame.has(Name::content_length) ? body_with_length(input, at, frame)
                                         : body_to_nul(input, at, frame);
}

Parser::Result Parser::body_with_length(std::span<char> input, std::size_t at, Frame& frame) {
  const std::size_t length = content_length(frame.find(Name::content_length), limits_->body);
  const std::size_t total = at + length + 1;
  check_frame_size(total);
  if (total > input.size()) {
    if (length <= limits_->large_body) {
      needed_ = total;
      return Result::need_more;
    }
    body_length_ = length;
    consumed_ += at;
    forget();
    return Result::large_body;
  }
  if (input[total - 1] != '\0') {
    fail("bad body", "no NUL after the " + std::to_string(length) + " octets of content-length");
  }
  frame.body_is({input.data() + at, length});
  return done(total, frame);
}

Parser::Result Parser::body_to_nul(std::span<char> input, std::size_t at, Frame& frame) {
  const std::size_t left = input.size() - at;
  const auto* nul = static_cast<const char*>(std::memchr(input.data() + at, '\0', left));
  const auto length = nul != nullptr ? static_cast<std::size_t>(nul - input.data()) - at : left;
  if (length > limits_->body) {
    fail("body too large", "body over " + std::to_string(limits_->body) + " octets");
  }
  check_frame_size(at + length);
  if (nul == nullptr) {
    body_at_ = at;
    scanned_ = input.size();
    return Result::need_more;
  }
  frame.body_is({input.data() + at, length});
  return done(at + length + 1, frame);
}

Parser::Result Parser::done(std::size_t length, Frame& frame) {
  consumed_ += length;
  forget();
  decode(frame);
  return Result::frame;
}

/// CONNECT and STOMP are never escaped, so that 1.0 clients are understood (1.2, "Value Encoding").
void Parser::decode(Frame& frame) const {
  if (!escapes_ || version_ == Version::v1_0) return;
  if (frame.command == Command::connect || frame.command == Command::stomp) return;
  const auto decoded = [this](std::string_view text) {
    if (text.find('\\') == std::string_view::npos) return text;
    return text.substr(0, unescape(const_cast<char*>(text.data()), text.size(), version_));
  };
  for (auto& h : frame.raw_headers()) h = {decoded(h.name), decoded(h.value)};
  frame.reindex();
}

/// Goes on looking for the empty line; true once it is there.
bool Parser::header_end_seen(std::span<char> input) {
  while (const auto* lf = static_cast<const char*>(
             std::memchr(input.data() + scanned_, '\n', input.size() - scanned_))) {
    const auto at = static_cast<std::size_t>(lf - input.data());
    if (at == line_ || (at == line_ + 1 && input[line_] == '\r')) return true;
    ++lines_;
    line_ = static_cast<std::uint32_t>(at + 1);
    scanned_ = at + 1;
  }
  scanned_ = input.size();
  check_unfinished_headers(input.size());
  return false;
}

void Parser::check_unfinished_headers(std::size_t size) const {
  check_frame_size(size);
  if (lines_ > limits_->headers + 1) {
    fail("too many headers", "more than " + std::to_string(limits_->headers) + " headers");
  }
  if (size - line_ > limits_->header_line + 1) {
    fail("header too long", "header line over " + std::to_string(limits_->header_line) + " octets");
  }
}

bool Parser::body_end_seen(std::span<char> input) {
  if (std::memchr(input.data() + scanned_, '\0', input.size() - scanned_) != nullptr) return true;
  scanned_ = input.size();
  if (scanned_ - body_at_ > limits_->body) {
    fail("body too large", "body over " + std::to_string(limits_->body) + " octets");
  }
  check_frame_size(scanned_);
  return false;
}

void Parser::check_frame_size(std::size_t size) const {
  if (limits_->frame != 0 && size > limits_->frame) {
    fail("frame too large",
         "frame over " + std::to_string(limits_->frame) + " octets, the limit before CONNECTED");
  }
}

void Parser::forget() noexcept {
  needed_ = scanned_ = body_at_ = 0;
  line_ = lines_ = 0;
}

}  // namespace romp::stomp
