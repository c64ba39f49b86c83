// SPDX-License-Identifier: Apache-2.0
#include "producer.hpp"

#include <algorithm>
#include <charconv>

#include "failure.hpp"

namespace romp::bench {
namespace {

constexpr std::size_t octets_per_write = 256u << 10;
constexpr std::size_t writes_per_turn = 64;        // then the readers have their turn
constexpr std::size_t most_unwritten = 16u << 20;  // in an open loop that the broker cannot follow

}  // namespace

std::uint64_t Producer::delivered() const {
  std::uint64_t sum = 0;
  std::uint64_t least = readers_.front()->received();
  for (const Subscriber* reader : readers_) {
    sum += reader->received();
    least = std::min(least, reader->received());
  }
  return plan_.topic ? least : sum;
}

std::size_t Producer::room() const {
  const auto left = [](std::uint64_t bound, std::uint64_t used) {
    return bound - std::min(bound, used);
  };
  // A broker that doubles messages delivers more than was sent.
  const std::uint64_t under_way = sent_ - std::min(sent_, delivered());
  const std::uint64_t room = left(plan_.window, under_way);
  if (plan_.outstanding == 0) return room;
  return std::min(room, left(plan_.outstanding, sent_ - receipts_));
}

void Producer::produce(Time now) {
  if (plan_.rate > 0) return produce_open(now);
  if (connection_.output().empty()) produce_closed();
}

// Waiting for an eighth of the window keeps writes large when the broker answers in small pieces.
void Producer::produce_closed() {
  std::size_t left = room();
  const bool gathers = plan_.frames_per_write == 0 && plan_.outstanding == 0;
  if (left == 0 || (gathers && left < plan_.window / 8)) return;
  const std::int64_t now_ns = plan_.outstanding == 0 ? 0 : ns_since_start(Clock::now());
  const std::size_t whole = std::max<std::size_t>(octets_per_write / (plan_.size + 64), 1);
  const std::size_t frames = plan_.frames_per_write == 0 ? whole : plan_.frames_per_write;
  const std::size_t writes = plan_.frames_per_write == 0 ? 1 : writes_per_turn;
  for (std::size_t i = 0; i < writes && left > 0; ++i) {
    const std::size_t count = std::min(frames, left);
    for (std::size_t k = 0; k < count; ++k) send_next(now_ns);
    left -= count;
    if (!connection_.flush()) return;
  }
}

void Producer::produce_open(Time now) {
  const std::int64_t now_ns = ns_since_start(now);
  for (std::size_t left = room(); left > 0 && next_due() <= now; --left) {
    if (connection_.output().size() > most_unwritten) break;
    const std::int64_t due_ns = ns_since_start(next_due());
    lateness_.add(due_ns, now_ns);
    send_next(due_ns);
  }
  connection_.flush();
}

Time Producer::due_at(std::uint64_t number) const {
  return started_ + from_seconds(static_cast<double>(number) / plan_.rate);
}

void Producer::send_next(std::int64_t due_ns) {
  Lane& lane = *lanes_[turn_];
  if (++turn_ == lanes_.size()) turn_ = 0;
  if (plan_.outstanding != 0) due_of_receipt_[lane.sent % plan_.outstanding] = due_ns;
  lane.writer.write(connection_.output(), {lane.sent, lane.source, due_ns});
  ++lane.sent;
  ++sent_;
}

void Producer::on_receipt(std::string_view id) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (error != std::errc{} || end != id.data() + id.size() || number >= sent_) {
    throw Failure("a RECEIPT for '" + std::string(id.substr(0, 40)) + "', which nobody asked for");
  }
  if (receipt_sequence_.arrive(number) == Sequence::Arrival::again) {
    ++doubled_receipts_;
    return;
  }
  ++receipts_;
  receipt_meter_.add(due_of_receipt_[number % plan_.outstanding], now_ns_);
}

bool Producer::is_done() const {
  return delivered() >= sent_ && (plan_.outstanding == 0 || receipts_ == sent_);
}

Faults Producer::receipt_faults() const {
  Faults faults;
  if (plan_.outstanding != 0) faults.lost = receipt_sequence_.missing(sent_);
  faults.doubled = doubled_receipts_;
  return faults;
}

}  // namespace romp::bench
