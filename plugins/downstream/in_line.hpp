// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <romp/plugin.hpp>

#include <deque>
#include <string>
#include <string_view>

#include "hop.hpp"
#include "lag.hpp"
#include "link.hpp"
#include "recent.hpp"
#include "settings.hpp"

namespace downstream {

/// From a destination there to one here. Each message is acknowledged there when it has been
/// published here. While there is no room here, the other side is not read from. On the strand.
class InLine {
 public:
  InLine(romp::plugin& p, const Settings& settings, const Line& line, std::size_t number,
         Link& link, Counters& counters);

  void up();
  void down();
  /// True: the message was for this line.
  bool take(const romp::frame_view& message);
  /// Publishes what there was no room for; true: there still is none.
  bool pump();
  /// An ERROR that names the subscription; false: nothing of this line.
  bool refused(std::string_view receipt, std::string_view why);
  /// Subscribes once more where that was refused.
  void look();

  const Line& line() const noexcept { return line_; }
  /// What has come and there is no room for here; how much waits there, STOMP does not tell.
  Lag lag() const;

 private:
  struct Waiting {
    romp::retained message;
    Clock::time_point since;
  };

  romp_status publish(const romp::frame_view& message);
  bool settle(const romp::frame_view& message, std::uint32_t command);
  void finish(const romp::frame_view& message, romp_status status);

  romp::plugin& plugin_;
  const Settings& settings_;
  const Line line_;
  const std::string id_;
  Link& link_;
  Counters& counters_;
  Hop hop_;
  Recent recent_;                ///< published here, and perhaps not known there to be
  std::deque<Waiting> waiting_;  ///< there is no room for, in order
  std::deque<romp::retained> to_settle_;
  bool is_refused_ = false;
};

}  // namespace downstream
