// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "client/backoff.hpp"
#include "client/dialer.hpp"
#include "client/greeting.hpp"
#include "client/settings.hpp"
#include "net/wheel.hpp"
#include "net/worker.hpp"
#include "stomp/batch.hpp"

namespace romp::client {

enum class State : std::uint8_t {
  waiting,     ///< until it dials again
  connecting,  ///< dialling, or CONNECT is not answered yet
  up,
  closed,
};

/// What is known of a connection. Any thread.
struct Status {
  State state = State::waiting;
  std::uint64_t epoch = 0;  ///< how often it has been up
  std::uint64_t failures = 0;
  std::uint64_t frames_in = 0;
  std::uint64_t frames_out = 0;
  std::size_t unwritten = 0;  ///< octets
};

/// Who hears of a connection. On its worker.
class Owner {
 public:
  /// CONNECTED has come. Frames may be sent with that epoch from now on.
  virtual void on_up(std::uint64_t epoch, std::unique_ptr<stomp::Batch> connected) = 0;
  virtual void on_frames(std::unique_ptr<stomp::Batch> frames) = 0;
  /// It is down, or a try has failed: `refused` by the server's own word. It goes on by itself.
  virtual void on_down(std::uint64_t epoch, bool refused, const std::string& why) = 0;

 protected:
  ~Owner() = default;
};

/// A connection to a STOMP server that is made again whenever it is lost, until it is closed.
///
/// Beats as agreed, gives up a server that is silent, and bounds what waits to be written. What
/// was not written when a connection is lost is forgotten: whoever needs to know asks for receipts.
class Connection final : public net::TransportUser, private net::Alarm {
 public:
  /// `owner` must live until `close` has been called. `tls` is null for plain TCP.
  Connection(net::Worker& worker, Settings settings, std::shared_ptr<TlsContext> tls, Owner& owner);

  // This worker:
  void start();
  /// Says DISCONNECT and ends for good; the owner hears no more.
  void close();
  /// Ends the connection there is and makes another one.
  void restart(const std::string& why);
  /// Reads no more until `go_on`.
  void pause();
  void go_on();

  // Any thread:
  enum class Sent : std::uint8_t {
    taken,
    full,    ///< too much waits to be written
    not_up,  ///< there is no connection of that epoch
    unfit,   ///< 1.0 cannot spell it: a line end in a header
  };
  Sent send(std::uint64_t epoch, stomp::Command command, std::span<const stomp::Header> headers,
            std::string_view body);
  Status status() const;

 private:
  void dial();
  void dialled(std::unique_ptr<net::Transport> transport, const std::string& why);
  void on_readable(net::error_code error) override;
  void on_writable(net::error_code error) override;
  void on_alarm() override;
  void read();
  void take(std::string_view octets);
  bool greet(std::unique_ptr<stomp::Batch> answer);
  void want_input();
  void write();
  bool begin_writing();
  void beat();
  void lose(const std::string& why, bool refused = false);
  void end_link();
  void arm();
  base::Time next_due() const;

  net::Worker& worker_;
  const Settings settings_;
  const std::shared_ptr<TlsContext> tls_;
  Owner& owner_;
  Backoff backoff_;
  std::minstd_rand chance_;
  base::Ptr<Dialer> dialer_;
  std::unique_ptr<net::Transport> transport_;
  stomp::BatchReader reader_;
  std::vector<char> room_;
  stomp::HeartBeat beat_;
  std::size_t address_ = 0;
  base::Time due_ = base::Time::max();  ///< of the next try, or of CONNECTED
  base::Time up_since_{};
  base::Time last_heard_{};
  base::Time last_sent_{};
  std::string writing_;
  std::size_t written_ = 0;  ///< of writing_
  State state_ = State::waiting;
  bool waits_readable_ = false;
  bool waits_writable_ = false;
  bool paused_ = false;

  mutable std::mutex mutex_;  ///< of what follows
  std::string pending_;
  std::size_t unwritten_ = 0;  ///< of pending_ and writing_
  stomp::Version version_ = stomp::Version::v1_2;
  Status status_;
  bool woken_ = false;
};

}  // namespace romp::client
