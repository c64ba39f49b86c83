// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <romp/plugin.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "hop.hpp"
#include "kept_frame.hpp"
#include "link.hpp"
#include "settings.hpp"

namespace downstream {

/// From a destination here to one there. Each message is acknowledged here when the other side has
/// confirmed it; until then it is kept, and sent again on the next connection, in order. So the
/// queue here holds what cannot be sent. On the strand.
class OutLine {
 public:
  OutLine(romp::plugin& p, const Settings& settings, const Line& line, std::size_t number,
          Link& link, Counters& counters);

  void begin();
  void up();
  /// Sends what could not be sent; true: some still cannot.
  bool pump();
  /// Subscribes once more where that has ended.
  void look();

  /// What a receipt or an ERROR is about; false: nothing of this line.
  bool confirmed(std::string_view receipt);
  bool refused(std::string_view receipt, std::string_view why);
  /// An ERROR that names nothing: after a few of them it is the oldest message's.
  void blamed(std::string_view why);

  const std::string& source() const noexcept { return line_.from; }
  /// Messages that were sent and are not confirmed.
  std::size_t unconfirmed() const noexcept { return window_.size(); }
  /// For how long the oldest of them has been waiting.
  std::chrono::duration<double> age() const;

 private:
  using Clock = std::chrono::steady_clock;

  struct Kept {
    KeptFrame frame;
    std::uint64_t token = 0;
    Clock::time_point since{};
    bool was_sent = false;
    bool is_done = false;
    unsigned blamed = 0;
  };

  void on_message(romp_sub_id sub, const romp_frame* raw, std::uint64_t token);
  void on_closed(romp_status why);
  romp_status transmit(std::size_t index);
  void give_up(Kept& kept, std::string_view why);
  void settle(Kept& kept, bool positive);
  void drop_done();
  Kept* find(std::string_view receipt);

  romp::plugin& plugin_;
  const Settings& settings_;
  const Line line_;
  const std::string prefix_;  ///< of receipts
  Link& link_;
  Counters& counters_;
  Hop hop_;
  std::deque<Kept> window_;
  std::vector<KeptFrame> spare_;  ///< their memory is used again
  std::uint64_t first_ = 0;       ///< the number of the window's first message
  std::size_t next_ = 0;          ///< of the window: the first that is still to be sent
  romp_sub_id subscription_ = 0;
};

}  // namespace downstream
