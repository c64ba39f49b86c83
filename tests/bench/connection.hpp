// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "bytes.hpp"
#include "frame_reader.hpp"
#include "poller.hpp"
#include "read_space.hpp"

namespace romp::bench {

/// What a connection does with what it receives. Views in a frame end with the call.
class FrameHandler {
 public:
  virtual void on_message(const Frame&) {}
  virtual void on_receipt(std::string_view) {}
  /// Before the frames of one read, with the time of the read.
  virtual void on_read_begin(Time) {}
  /// After the frames of one read.
  virtual void on_read_end() {}

 protected:
  ~FrameHandler() = default;
};

/// How to greet the broker.
struct Greeting {
  std::string vhost;
  std::string login;
  std::string passcode;
};

/// Appends CONNECT.
void write_connect(Bytes& to, const Greeting& greeting);

/// Throws Failure with the text of an ERROR frame.
[[noreturn]] void throw_error_frame(const Frame& frame);

/// One STOMP client over TCP. Throws Failure as soon as the connection breaks, the broker says
/// ERROR or sends what is not STOMP. One thread.
class Connection final : public Watcher {
 public:
  Connection(Poller& poller, ReadSpace& space, FrameHandler& handler)
      : poller_(poller), space_(space), handler_(handler) {}

  /// Connects, greets and waits for CONNECTED; after that the poller serves it.
  void open(const Endpoint& endpoint, const Greeting& greeting);

  /// Writes what is in output() and waits for the RECEIPT of that name, which the handler does not
  /// see. Messages go to the handler meanwhile.
  void await_receipt(std::string_view name);

  /// What is to be written: append to it, then flush().
  Bytes& output() { return output_; }

  /// Writes as much as the system takes now; the poller writes the rest. True when nothing is left.
  bool flush();

  void close() { socket_.close(); }

  void on_ready(bool readable, bool writable) override;

 private:
  void await(const bool& done, const char* what);
  void receive();
  void dispatch(const Frame& frame);
  void want_writable(bool wanted);

  Poller& poller_;
  ReadSpace& space_;
  FrameHandler& handler_;
  Socket socket_;
  Bytes output_;
  FrameReader reader_;
  std::string unfinished_;  // the beginning of a frame
  std::string awaited_receipt_;
  bool connected_ = false;
  bool receipt_came_ = false;
  bool polled_ = false;
  bool wants_writable_ = false;
};

}  // namespace romp::bench
