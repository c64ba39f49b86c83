// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <romp/plugin.hpp>

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hop.hpp"
#include "kept_frame.hpp"
#include "lag.hpp"
#include "link.hpp"
#include "settings.hpp"

namespace downstream {

/// From a destination here to one there. Each message is acknowledged here when the other side has
/// confirmed it and all before it; until then it is kept, and sent again on the next connection, in
/// order. So the queue here holds what cannot be sent. On the strand.
class OutLine {
 public:
  OutLine(romp::plugin& p, const Settings& settings, const Line& line, std::size_t number,
          Link& link, Counters& counters);

  void begin();
  void up();
  /// Sends what could not be sent; true: some still cannot.
  bool pump();
  /// About once a second. Subscribes once more where that has ended.
  void look();

  /// What a receipt or an ERROR is about; false: nothing of this line.
  bool confirmed(std::string_view receipt);
  bool refused(std::string_view receipt, std::string_view why);
  /// An ERROR that names nothing: after a few of them it is the oldest message's.
  void blamed(std::string_view why);

  const Line& line() const noexcept { return line_; }
  /// What waits in the queue here is among it. As of the last `look`.
  const Lag& lag() const noexcept { return lag_; }

 private:
  enum class Fate : std::uint8_t { open, taken, given_back };

  struct Kept {
    KeptFrame frame;
    std::uint64_t token = 0;
    Clock::time_point since{};
    bool was_sent = false;
    bool was_asked = false;  ///< for a receipt
    Fate fate = Fate::open;
    unsigned blamed = 0;
  };

  void measure();
  void on_message(romp_sub_id sub, const romp_frame* raw, std::uint64_t token);
  void on_closed(romp_status why);
  void pump_soon();
  romp_status transmit(std::size_t index);
  bool wants_receipt(const Kept& kept) const;
  void note_sent(Kept& kept, bool is_asked);
  void ask();
  void taken(std::size_t from, std::size_t to);
  void give_up(Kept& kept, std::string_view why);
  void settle_first();
  void drop_first();
  std::string receipt_of(std::size_t index) const;
  std::optional<std::size_t> index_of(std::string_view receipt) const;

  romp::plugin& plugin_;
  const Settings& settings_;
  const Line line_;
  const std::string prefix_;  ///< of receipts
  Link& link_;
  Counters& counters_;
  Hop hop_;
  QueueAge queue_age_;
  Lag lag_;
  std::deque<Kept> window_;
  std::vector<KeptFrame> spare_;  ///< their memory is used again
  std::uint64_t first_ = 0;       ///< the number of the window's first message
  std::size_t next_ = 0;          ///< of the window: the first that is still to be sent
  std::size_t unasked_ = 0;       ///< messages sent since a receipt was asked for
  std::size_t unasked_octets_ = 0;
  bool pumps_soon_ = false;
  Clock::time_point now_{};  ///< when the last pump was asked for
  romp_sub_id subscription_ = 0;
};

}  // namespace downstream
