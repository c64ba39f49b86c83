// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "connection.hpp"
#include "lane.hpp"
#include "meter.hpp"
#include "plan.hpp"
#include "subscriber.hpp"

namespace romp::bench {

/// A connection that sends to its lanes in turn, as fast as the window allows or at a fixed rate.
class Producer final : public FrameHandler {
 public:
  /// Latencies of receipts go to `receipts`; how late the open loop sent, to `lateness`.
  Producer(Poller& poller, ReadSpace& space, const Plan& plan, Meter& receipts, Meter& lateness)
      : plan_(plan),
        receipt_meter_(receipts),
        lateness_(lateness),
        connection_(poller, space, *this) {
    due_of_receipt_.resize(plan.outstanding);
  }

  void add(Lane& lane) { lanes_.push_back(&lane); }
  void add_reader(const Subscriber& reader) { readers_.push_back(&reader); }

  void open(const Endpoint& endpoint, const Greeting& greeting) {
    connection_.open(endpoint, greeting);
  }

  /// The open loop begins: the first message is due then.
  void start(Time now) { started_ = now; }

  /// Sends what may be sent now; never waits.
  void produce(Time now);

  /// When the open loop sends next.
  Time next_due() const { return due_at(sent_); }

  std::uint64_t sent() const { return sent_; }
  std::uint64_t receipts() const { return receipts_; }

  /// Messages that all readers have: of a queue they share, of a topic each has all.
  std::uint64_t delivered() const;

  /// Whether everything sent was written, received, and its receipt came.
  bool is_done() const;

  /// Receipts that did not come are lost, those that came twice doubled.
  Faults receipt_faults() const;

  void on_read_begin(Time now) override { now_ns_ = ns_since_start(now); }
  void on_receipt(std::string_view id) override;

 private:
  std::size_t room() const;
  void produce_closed();
  void produce_open(Time now);
  void send_next(std::int64_t due_ns);
  Time due_at(std::uint64_t number) const;

  const Plan& plan_;
  Meter& receipt_meter_;
  Meter& lateness_;
  Connection connection_;
  std::vector<Lane*> lanes_;
  std::vector<const Subscriber*> readers_;
  std::size_t turn_ = 0;
  std::uint64_t sent_ = 0;
  Time started_{};
  std::vector<std::int64_t> due_of_receipt_;  // by number, modulo outstanding
  Sequence receipt_sequence_;
  std::uint64_t receipts_ = 0;
  std::uint64_t doubled_receipts_ = 0;
  std::int64_t now_ns_ = 0;
};

}  // namespace romp::bench
