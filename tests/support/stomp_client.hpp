// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/frame.hpp"
#include "support/socket.hpp"

namespace romp::support {

/// A STOMP client for tests: says one thing, waits for the answer, and throws Failure with a clear
/// text when another comes. One thread.
class StompClient {
 public:
  /// Opens the connection, and no session yet.
  explicit StompClient(std::uint16_t port, int receive_buffer = 0);
  explicit StompClient(Socket socket) : socket_(std::move(socket)) {}

  /// Sends CONNECT, for "1.0" without accept-version, and returns CONNECTED. What is sent from now
  /// on is escaped as that version asks for.
  Frame connect(std::string_view version = "1.2", const Headers& more = {});
  const std::string& session() const noexcept { return session_; }
  const std::string& version() const noexcept { return version_; }

  // Sending:
  void raw(std::string_view octets) { socket_.write(octets); }
  void send(std::string_view command, const Headers& headers = {}, std::string_view body = {});
  /// Sends the frame with a receipt and returns when RECEIPT has come. MESSAGE frames that come
  /// before are kept for `receive`.
  void complete(std::string_view command, Headers headers = {}, std::string_view body = {});
  /// When it returns, the broker has the message.
  void publish(std::string_view destination, std::string_view body, const Headers& more = {});
  /// Returns the id: that in `more`, else a new one.
  std::string subscribe(std::string_view destination, const Headers& more = {});
  void unsubscribe(std::string_view id);
  void ack(const Frame& message, const Headers& more = {});
  void nack(const Frame& message, const Headers& more = {});
  void begin(std::string_view transaction);
  void commit(std::string_view transaction);
  void abort(std::string_view transaction);
  /// Returns when the server has done all that was sent.
  void round_trip();

  // Receiving:
  /// The next frame, whatever it is.
  Frame receive();
  /// What has come already; does not wait.
  std::optional<Frame> receive_if_any();
  Frame expect(std::string_view command);
  Frame message() { return expect("MESSAGE"); }
  /// The bodies of so many messages.
  std::vector<std::string> bodies(std::size_t count);
  /// ERROR with this `message` header, or with any; then the server must close in order.
  Frame expect_error(std::string_view message = {});
  /// The server closes in order and sends nothing more.
  void expect_closed();
  /// Nothing has been delivered that was not received: the server is asked, nobody waits.
  void nothing_came();
  /// Nothing comes in this time. For what only time shows; nothing_came is better.
  void nothing_comes(std::chrono::milliseconds time);
  /// Waits until so many heart-beats have come in all.
  void wait_for_beats(std::size_t count);
  std::size_t beats() const noexcept { return beats_; }
  /// The next frame as it came, up to its NUL.
  std::string octets_of_frame();

  Socket& socket() noexcept { return socket_; }

 private:
  using Time = std::chrono::steady_clock::time_point;

  std::string next_id(std::string_view what);
  bool read_more(Time end);
  Frame receive_new();
  void settle(std::string_view command, const Frame& message, const Headers& more);

  Socket socket_;
  std::string version_ = "1.0";
  std::string session_;
  std::string received_;
  std::deque<Frame> kept_;  ///< came while something else was waited for
  std::size_t beats_ = 0;
  unsigned last_id_ = 0;
  bool closed_ = false;
};

}  // namespace romp::support
