// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "broker/message.hpp"
#include "net/transport.hpp"
#include "stomp/frame.hpp"
#include "stomp/parser.hpp"

namespace romp::session {

class Roster;

/// Makes frames of what a transport brings. Reads into the worker's buffer and keeps only the
/// beginning of an unfinished frame; the body of a large one is read straight into its own memory,
/// once its head was found good.
/// One worker.
class FrameReader {
 public:
  class Taker {
   public:
    /// Given every whole frame, as the worker's own. False: no more for now, keep the rest.
    virtual bool take(stomp::Frame& frame) = 0;

    /// Given the head of a large frame, of which `size` octets of body are still to come. False:
    /// they are not wanted, and dropped as they come.
    virtual bool take_head(stomp::Frame& frame, std::size_t size) = 0;
    /// Given the body to the head taken last. False: as with `take`.
    virtual bool take_body(const base::Ptr<broker::Body>& body) = 0;
    /// The octets of a body that was not wanted have come. False: as with `take`.
    virtual bool body_dropped() = 0;

   protected:
    ~Taker() = default;
  };

  FrameReader(Roster& roster, Taker& taker, const stomp::Limits& limits);
  ~FrameReader();

  void set_version(stomp::Version version) noexcept {
    parser_.set_version(version);
    greeted_ = true;
  }
  void set_limits(const stomp::Limits& limits) noexcept { parser_.set_limits(limits); }

  /// Reads once and hands on what is whole. Throws stomp::ProtocolError. True when octets came.
  bool read(net::Transport& transport, net::error_code& error);
  /// Hands on what was kept when the taker wanted no more.
  void go_on();
  /// Reads by the buffer of this roster from now on.
  void move_to(Roster& roster) noexcept { roster_ = &roster; }
  /// Forgets what is unfinished.
  void clear();

  /// Between two pieces of one frame?
  bool is_in_frame() const noexcept { return large_.is_coming() || parser_.in_frame(); }

 private:
  /// A body on its way into its own memory, or to nowhere.
  struct LargeBody {
    std::size_t size = 0;        ///< without the NUL behind it
    base::Ptr<broker::Body> to;  ///< null: not wanted
    std::size_t received = 0;    ///< with the NUL

    bool is_coming() const noexcept { return size != 0; }
    std::size_t missing() const noexcept { return size + 1 - received; }
  };

  std::size_t read_into_buffer(net::Transport& transport, net::error_code& error);
  std::size_t read_behind_unread(net::Transport& transport, net::error_code& error);
  std::size_t read_large_body(net::Transport& transport, net::error_code& error);
  void forget_unread() noexcept;
  void process(std::span<char> input);
  void keep(std::span<const char> rest);
  std::size_t hand_on(std::span<char> input);
  void begin_large_body(stomp::Frame& frame, std::size_t size);
  std::size_t receive_large_body(std::span<const char> input);
  void end_large_body(char behind);

  Roster* roster_;
  Taker& taker_;
  stomp::Parser parser_;
  std::vector<char> unread_;
  LargeBody large_;
  bool wanted_ = true;
  bool greeted_ = false;  ///< no passcode comes any more
};

}  // namespace romp::session
