// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "connection.hpp"
#include "lane.hpp"
#include "meter.hpp"
#include "plan.hpp"
#include "verifier.hpp"

namespace romp::bench {

/// A connection that subscribes to one or more lanes, verifies what comes, and acknowledges it when
/// the plan says so. Lanes, plan and meter must outlive it.
class Subscriber final : public FrameHandler {
 public:
  Subscriber(Poller& poller, ReadSpace& space, const Plan& plan, Meter& meter)
      : plan_(plan), meter_(meter), connection_(poller, space, *this) {}

  /// Before open().
  void add(const Lane& lane, const Body& body);

  /// Connects, subscribes to all of its lanes, and waits until the broker has done it.
  void open(const Endpoint& endpoint, const Greeting& greeting);

  /// DISCONNECT, so that the broker has seen every ACK before the connection ends.
  void leave();

  std::uint64_t received() const { return received_; }

  /// What went wrong until now, measured by what the lanes sent.
  Faults faults() const;

  void on_read_begin(Time now) override { now_ns_ = ns_since_start(now); }
  void on_message(const Frame& frame) override;
  void on_read_end() override;

 private:
  void subscribe(std::size_t index, bool last);
  Verifier* find(const Frame& frame);
  void acknowledge(const Frame& frame);

  const Plan& plan_;
  Meter& meter_;
  Connection connection_;
  std::vector<const Lane*> lanes_;
  std::vector<Verifier> verifiers_;  // of the lane at the same place; the place is the id
  std::uint64_t received_ = 0;
  std::uint64_t stray_ = 0;
  std::int64_t now_ns_ = 0;
};

}  // namespace romp::bench
