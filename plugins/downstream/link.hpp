// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <romp/plugin.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "settings.hpp"

namespace downstream {

/// What all parts of a bridge count. Handles to copy around.
struct Counters {
  explicit Counters(romp::plugin& p);

  romp::counter sent;        ///< messages that the other side has confirmed
  romp::counter received;    ///< messages taken over from the other side
  romp::counter resent;      ///< sent once more after a connection was lost
  romp::counter looped;      ///< dropped, since they had been here
  romp::counter dead;        ///< sent to the dead-letter queue
  romp::counter answers;     ///< confirmed by the edge
  romp::counter unanswered;  ///< requests that nobody took
  romp::counter refused;     ///< answers that do not fit the edge, or could not be kept
  romp::counter errors;      ///< ERROR frames of the other side
};

/// One connection of a bridge, its state in the log.
class Link {
 public:
  struct Handlers {
    std::function<void()> up;
    std::function<void(const romp::frame_view&)> frame;
    std::function<void(std::string_view client, const romp::frame_view&)> answer;
    std::function<void()> down;
  };

  Link(romp::plugin& p, Counters& counters, const romp::client_options& options, std::string name)
      : plugin_(p),
        counters_(counters),
        options_(options),
        name_(std::move(name)),
        client_(p.host()) {}

  void open(Handlers handlers);

  romp_status send(const romp_message& m) const { return client_.send(m); }
  romp_status send(const romp::outgoing& m, std::uint32_t command) const {
    return client_.send(m, command);
  }
  romp_status submit(std::string_view of, const romp_message& m) const {
    return client_.submit(of, m);
  }
  void hold(bool on);
  void restart(std::string_view why) const { client_.restart(why); }

  bool is_up() const noexcept { return is_up_; }
  const std::string& version() const noexcept { return version_; }
  /// Does the other side do one frame after the other? Then a receipt speaks for all before it. Of
  /// romp that is known; RabbitMQ's says only that this one message is safe.
  bool works_in_order() const noexcept { return works_in_order_; }
  const std::string& name() const noexcept { return name_; }
  /// Of the last ERROR or the last end; it stays when the connection is up again.
  const std::string& last_error() const noexcept { return last_error_; }
  romp_client_status status() const { return client_.status(); }
  /// An ERROR frame of the server, for the log.
  void note_error(const romp::frame_view& error);

 private:
  void on_up(const romp::frame_view& connected);
  void on_down(std::string_view text);

  romp::plugin& plugin_;
  Counters& counters_;
  const romp::client_options options_;
  const std::string name_;
  romp::client client_;
  Handlers handlers_;
  std::string version_;
  std::string last_error_;
  std::string last_down_;  ///< why it is down; empty: it is up
  bool was_told_ = false;  ///< by an ERROR, which says more than the end that follows it
  bool is_up_ = false;
  bool is_held_ = false;
  bool works_in_order_ = false;
};

/// The first line of an ERROR frame's text.
std::string text_of_error(const romp::frame_view& error);

}  // namespace downstream
