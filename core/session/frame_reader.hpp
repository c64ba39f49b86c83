// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "net/transport.hpp"
#include "stomp/frame.hpp"
#include "stomp/parser.hpp"

namespace romp::session {

class Roster;

/// Makes frames of what a transport brings. Reads into the worker's buffer and keeps only the
/// beginning of an unfinished frame; the body of a large one is read straight into its own memory.
/// One worker.
class FrameReader {
 public:
  /// Given every whole frame, as the worker's own. False: no more for now, keep the rest.
  class Taker {
   public:
    virtual bool take(stomp::Frame& frame) = 0;

   protected:
    ~Taker() = default;
  };

  FrameReader(Roster& roster, Taker& taker, const stomp::Limits& limits);
  ~FrameReader();

  void set_version(stomp::Version version) noexcept { parser_.set_version(version); }
  void set_limits(const stomp::Limits& limits) noexcept { parser_.set_limits(limits); }

  /// Reads once and hands on what is whole. Throws stomp::ProtocolError. True when octets came.
  bool read(net::Transport& transport, net::error_code& error);
  /// Hands on what was kept when the taker wanted no more.
  void go_on();
  /// Forgets what is unfinished.
  void clear();

  /// Between two pieces of one frame?
  bool is_in_frame() const noexcept { return large_ != nullptr || parser_.in_frame(); }

 private:
  struct LargeBody;

  std::size_t read_into_buffer(net::Transport& transport, net::error_code& error);
  std::size_t read_behind_unread(net::Transport& transport, net::error_code& error);
  std::size_t read_large_body(net::Transport& transport, net::error_code& error);
  void process(std::span<char> input);
  std::size_t hand_on(std::span<char> input);
  std::size_t begin_large_body(std::span<char> input, std::size_t at);
  void end_large_body();

  Roster& roster_;
  Taker& taker_;
  stomp::Parser parser_;
  std::vector<char> unread_;
  std::unique_ptr<LargeBody> large_;
  bool wanted_ = true;
};

}  // namespace romp::session
