// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <romp/plugin.hpp>

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "lag.hpp"
#include "link.hpp"
#include "settings.hpp"

namespace downstream {

/// The header that names the bridge a request came over, and the one that names it there.
inline constexpr std::string_view edge_header = "edge";
inline constexpr std::string_view original_header = "orig-id";

/// Serves the clients of an edge server: what they send there passes the filters here as one of
/// their own sessions, and answers go back to them. On the strand.
class Edge {
 public:
  Edge(romp::plugin& p, const Settings& settings, Link& link, Counters& counters);

  void up();
  void down();
  void take(const romp::frame_view& frame);
  /// A frame for the session of one client of the edge.
  void answer(std::string_view client, const romp::frame_view& frame);
  /// Sends what could not be sent; true: some still cannot.
  bool pump();
  /// About once a second.
  void look();

  /// Answers that the edge has not confirmed.
  Lag lag() const;

 private:
  /// An answer on its way, kept until the edge has it.
  struct Answer {
    std::uint64_t number;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string content_type;
    std::string body;
    Clock::time_point since = Clock::now();
    bool was_sent = false;
  };

  void subscribe();
  void subscribed(std::string_view receipt);
  void submit(const romp::frame_view& message);
  void add_answer(Answer answer);
  void confirm(std::string_view receipt);
  void refused(const romp::frame_view& error);
  romp_status transmit(Answer& answer);
  std::string why_answer_unfit(const Answer& answer) const;
  void refuse(const std::string& why);
  void ping();

  romp::plugin& plugin_;
  const Settings& settings_;
  Link& link_;
  Counters& counters_;
  std::deque<Answer> answers_;
  std::uint64_t last_answer_ = 0;
  std::size_t next_ = 0;         ///< of answers_: the first that is still to be sent
  std::size_t subscribing_ = 0;  ///< of the requests' destinations; all: done
  int pause_ = 0;                ///< seconds until it subscribes again; 0: it need not
  int seconds_to_ping_ = 0;
  bool ping_is_out_ = false;
};

/// Registers the filter that sees what no other filter has taken. In create.
void add_last_filter(romp::plugin& p, const Settings& settings, const Counters& counters);

}  // namespace downstream
