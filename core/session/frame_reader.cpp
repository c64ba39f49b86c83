// SPDX-License-Identifier: Apache-2.0
#include "session/frame_reader.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include "broker/message.hpp"
#include "session/roster.hpp"
#include "stomp/error.hpp"

namespace romp::session {
namespace {

constexpr std::size_t largest_moved = 16 * 1024;
constexpr std::size_t own_read = 64 * 1024;

}  // namespace

/// A body on its way into its own memory, and the header block that came before it.
struct FrameReader::LargeBody {
  LargeBody(std::span<char> head, std::size_t size)
      : header_block(head.begin(), head.end()), body(broker::Body::make(size)) {}

  std::size_t wanted() const noexcept { return body->size() + 1 - received; }
  char* next() const noexcept { return body->octets() + received; }
  bool is_whole() const noexcept { return wanted() == 0; }

  std::vector<char> header_block;
  base::Ptr<broker::Body> body;
  std::size_t received = 0;  ///< the NUL behind the body included
};

FrameReader::FrameReader(Roster& roster, Taker& taker, const stomp::Limits& limits)
    : roster_(roster), taker_(taker), parser_(limits) {}

FrameReader::~FrameReader() = default;

void FrameReader::clear() {
  std::vector<char>().swap(unread_);
  large_.reset();
}

bool FrameReader::read(net::Transport& transport, net::error_code& error) {
  wanted_ = true;
  if (large_) return read_large_body(transport, error) != 0;
  if (unread_.size() > largest_moved) return read_behind_unread(transport, error) != 0;
  return read_into_buffer(transport, error) != 0;
}

/// The usual way: a short unfinished rest is copied to the front of the worker's buffer.
std::size_t FrameReader::read_into_buffer(net::Transport& transport, net::error_code& error) {
  const std::span<char> buffer = roster_.read_buffer();
  const std::size_t kept = unread_.size();
  const iovec room{buffer.data() + kept, buffer.size() - kept};
  const std::size_t n = transport.read_some({&room, 1}, error);
  if (n == 0) return 0;
  std::copy(unread_.begin(), unread_.end(), buffer.begin());
  std::vector<char>().swap(unread_);
  process(buffer.subspan(0, kept + n));
  return n;
}

/// A long unfinished frame stays where it is, so that its octets are not moved again and again.
std::size_t FrameReader::read_behind_unread(net::Transport& transport, net::error_code& error) {
  const std::size_t kept = unread_.size();
  unread_.resize(kept + own_read);
  const iovec room{unread_.data() + kept, own_read};
  const std::size_t n = transport.read_some({&room, 1}, error);
  unread_.resize(kept + n);
  if (n != 0) go_on();
  return n;
}

std::size_t FrameReader::read_large_body(net::Transport& transport, net::error_code& error) {
  const std::span<char> buffer = roster_.read_buffer();
  const iovec into[] = {{large_->next(), large_->wanted()}, {buffer.data(), buffer.size()}};
  const std::size_t n = transport.read_some(into, error);
  const std::size_t of_body = std::min(n, large_->wanted());
  large_->received += of_body;
  if (n == 0 || !large_->is_whole()) return n;
  end_large_body();
  process(buffer.subspan(0, n - of_body));
  return n;
}

void FrameReader::go_on() {
  wanted_ = true;
  std::vector<char> input;
  input.swap(unread_);
  process(input);
  if (unread_.size() == input.size()) unread_.swap(input);
}

void FrameReader::process(std::span<char> input) {
  const auto rest = input.subspan(hand_on(input));
  if (!rest.empty()) unread_.assign(rest.begin(), rest.end());
}

/// Returns how much of the input is used up.
std::size_t FrameReader::hand_on(std::span<char> input) {
  stomp::Frame& frame = roster_.frame();
  std::size_t at = 0;
  while (wanted_ && at < input.size()) {
    const auto result = parser_.next(input.subspan(at), frame);
    if (result == stomp::Parser::Result::large_body) {
      at += begin_large_body(input, at);
      continue;
    }
    at += parser_.consumed();
    if (result == stomp::Parser::Result::need_more) break;
    wanted_ = taker_.take(frame);
  }
  return at;
}

/// Returns how much of the input from `at` on is used up.
std::size_t FrameReader::begin_large_body(std::span<char> input, std::size_t at) {
  const std::size_t begin = at + parser_.skipped();
  const std::size_t body_at = at + parser_.consumed();
  large_ =
      std::make_unique<LargeBody>(input.subspan(begin, body_at - begin), parser_.body_length());
  const std::size_t here = std::min(input.size() - body_at, large_->wanted());
  std::memcpy(large_->next(), input.data() + body_at, here);
  large_->received = here;
  if (large_->is_whole()) end_large_body();
  return body_at + here - at;
}

void FrameReader::end_large_body() {
  const std::unique_ptr<LargeBody> large = std::move(large_);
  stomp::Frame& frame = roster_.frame();
  const std::size_t size = large->body->size();
  parser_.reread(large->header_block, frame);
  if (large->body->octets()[size] != '\0') {
    throw stomp::ProtocolError(
        "bad body", "no NUL after the " + std::to_string(size) + " octets of content-length");
  }
  frame.body_is({large->body->octets(), size}, large->body);
  wanted_ = taker_.take(frame);
}

}  // namespace romp::session
