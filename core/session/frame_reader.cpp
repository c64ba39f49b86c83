// SPDX-License-Identifier: Apache-2.0
#include "session/frame_reader.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "session/roster.hpp"
#include "stomp/error.hpp"

namespace romp::session {
namespace {

constexpr std::size_t largest_moved = 16 * 1024;
constexpr std::size_t own_read = 64 * 1024;

}  // namespace

FrameReader::FrameReader(Roster& roster, Taker& taker, const stomp::Limits& limits)
    : roster_(&roster), taker_(taker), parser_(limits) {}

FrameReader::~FrameReader() { forget_unread(); }

void FrameReader::clear() {
  forget_unread();
  large_ = {};
}

void FrameReader::forget_unread() noexcept {
  if (!greeted_ && !unread_.empty()) ::explicit_bzero(unread_.data(), unread_.size());
  std::vector<char>().swap(unread_);
}

bool FrameReader::read(net::Transport& transport, net::error_code& error) {
  wanted_ = true;
  if (large_.is_coming()) return read_large_body(transport, error) != 0;
  if (unread_.size() > largest_moved) return read_behind_unread(transport, error) != 0;
  return read_into_buffer(transport, error) != 0;
}

/// The usual way: a short unfinished rest is copied to the front of the worker's buffer.
std::size_t FrameReader::read_into_buffer(net::Transport& transport, net::error_code& error) {
  const std::span<char> buffer = roster_->read_buffer();
  const std::size_t kept = unread_.size();
  const iovec room{buffer.data() + kept, buffer.size() - kept};
  const std::size_t n = transport.read_some({&room, 1}, error);
  if (n == 0) return 0;
  std::copy(unread_.begin(), unread_.end(), buffer.begin());
  forget_unread();
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
  const std::span<char> buffer = roster_->read_buffer();
  if (!large_.to) {
    const iovec room{buffer.data(), buffer.size()};
    const std::size_t n = transport.read_some({&room, 1}, error);
    if (n != 0) process(buffer.first(n));
    return n;
  }
  const std::size_t missing = large_.missing();
  const iovec into[] = {{large_.to->octets() + large_.received, missing},
                        {buffer.data(), buffer.size()}};
  const std::size_t n = transport.read_some(into, error);
  large_.received += std::min(n, missing);
  if (n < missing) return n;
  end_large_body(large_.to->octets()[large_.size]);
  process(buffer.first(n - missing));
  return n;
}

void FrameReader::go_on() {
  wanted_ = true;
  std::vector<char> input;
  input.swap(unread_);
  const std::size_t used = hand_on(input);
  if (used == 0) {
    unread_.swap(input);
  } else {
    keep(std::span(input).subspan(used));
  }
}

void FrameReader::process(std::span<char> input) { keep(input.subspan(hand_on(input))); }

void FrameReader::keep(std::span<const char> rest) {
  if (!rest.empty()) unread_.assign(rest.begin(), rest.end());
}

/// Returns how much of the input is used up.
std::size_t FrameReader::hand_on(std::span<char> input) {
  stomp::Frame& frame = roster_->frame();
  std::size_t at = 0;
  while (wanted_ && at < input.size()) {
    if (large_.is_coming()) {
      at += receive_large_body(input.subspan(at));
      continue;
    }
    const auto result = parser_.next(input.subspan(at), frame);
    at += parser_.consumed();
    if (result == stomp::Parser::Result::need_more) break;
    if (result == stomp::Parser::Result::frame) {
      wanted_ = taker_.take(frame);
    } else {
      begin_large_body(frame, parser_.body_length());
    }
  }
  return at;
}

void FrameReader::begin_large_body(stomp::Frame& frame, std::size_t size) {
  const bool wanted = taker_.take_head(frame, size);
  large_ = {size, wanted ? broker::Body::make(size) : nullptr, 0};
}

/// Returns how much of the input belongs to it.
std::size_t FrameReader::receive_large_body(std::span<const char> input) {
  const std::size_t here = std::min(input.size(), large_.missing());
  if (large_.to) std::memcpy(large_.to->octets() + large_.received, input.data(), here);
  large_.received += here;
  if (large_.missing() == 0) end_large_body(input[here - 1]);
  return here;
}

/// `behind` is the octet behind the body.
void FrameReader::end_large_body(char behind) {
  const LargeBody large = std::exchange(large_, {});
  if (behind != '\0') {
    throw stomp::ProtocolError(
        "bad body", "no NUL after the " + std::to_string(large.size) + " octets of content-length");
  }
  wanted_ = large.to ? taker_.take_body(large.to) : taker_.body_dropped();
}

}  // namespace romp::session
