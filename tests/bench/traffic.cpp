// SPDX-License-Identifier: Apache-2.0
#include "traffic.hpp"

#include <unistd.h>

#include <algorithm>

namespace romp::bench {
namespace {

constexpr std::size_t subscriptions_per_connection = 1000;  // brokers bound them, romp at 1,024
constexpr auto drain_patience = std::chrono::seconds(3);

// Under way: at most 1 MiB to one subscriber and 48 MiB in all: a broker need not drop, and what
// travels stays in the caches.
std::size_t window_for(const Plan& plan) {
  if (plan.rate > 0) return 200'000;
  const std::size_t frame = plan.size + 150;
  const std::size_t readers = plan.subscribers * plan.producers;
  const std::size_t octets = std::min<std::size_t>(1u << 20, (48u << 20) / readers);
  return std::max<std::size_t>(octets / frame, 8);
}

}  // namespace

Greeting greeting_of(const Options& options) {
  return {options.vhost, options.login, options.passcode};
}

std::string fresh_name(const std::string& prefix) {
  static unsigned turn = 0;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  return prefix + "bench-" + std::to_string(ms) + "-" + std::to_string(getpid()) + "-" +
         std::to_string(turn++);
}

Traffic::Traffic(const Options& options, const Plan& plan)
    : options_(options),
      plan_(plan),
      body_(plan.size),
      broker_(options.pid),
      endpoint_(Endpoint::resolve(options.host, options.port, options.tls)),
      greeting_(greeting_of(options)),
      space_(body_.size() + 4096) {
  if (plan_.window == 0) plan_.window = window_for(plan_);
}

Result Traffic::run() {
  make_lanes();
  for (std::size_t i = 0; i < plan_.producers; ++i) make_subscribers(i);
  open_all();
  const Time start = Clock::now();
  for (auto& producer : producers_) producer->start(start);
  pump_until(start + from_seconds(options_.warmup));
  const Snapshot from = snapshot();
  latency_.start(from.usage.time);
  lateness_.start(from.usage.time);
  pump_until(from.usage.time + from_seconds(options_.duration));
  Result result = measure(from, snapshot());
  drain();
  result.latency = latency_of(latency_.histogram());
  result.lateness = latency_of(lateness_.histogram());
  result.faults = faults();
  if (plan_.prefetch != 0) check_acknowledged(result.faults);
  return result;
}

void Traffic::make_lanes() {
  const std::string name = fresh_name(plan_.topic ? options_.topic_prefix : options_.queue_prefix);
  const std::size_t count = plan_.producers * plan_.destinations;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string destination = name + "-" + std::to_string(i);
    lanes_.push_back(
        std::make_unique<Lane>(Lane{destination, static_cast<std::uint32_t>(i),
                                    SendWriter(destination, body_, plan_.outstanding != 0)}));
  }
  for (std::size_t i = 0; i < plan_.producers; ++i) {
    producers_.push_back(std::make_unique<Producer>(poller_, space_, plan_, latency_, lateness_));
  }
}

void Traffic::make_subscribers(std::size_t producer) {
  Producer& sender = *producers_[producer];
  const std::size_t first = producer * plan_.destinations;
  const std::size_t end = first + plan_.destinations;
  for (std::size_t lane = first; lane < end; ++lane) sender.add(*lanes_[lane]);
  for (std::size_t lane = first; lane < end; lane += subscriptions_per_connection) {
    for (std::size_t i = 0; i < plan_.subscribers; ++i) {
      auto reader = std::make_unique<Subscriber>(poller_, space_, plan_, latency_);
      const std::size_t behind = std::min(end, lane + subscriptions_per_connection);
      for (std::size_t k = lane; k < behind; ++k) reader->add(*lanes_[k], body_);
      sender.add_reader(*reader);
      subscribers_.push_back(std::move(reader));
    }
  }
}

void Traffic::open_all() {
  raise_file_limit();
  for (auto& subscriber : subscribers_) subscriber->open(endpoint_, greeting_);
  for (auto& producer : producers_) producer->open(endpoint_, greeting_);
}

void Traffic::pump_until(Time end) {
  for (Time now = Clock::now(); now < end; now = Clock::now()) {
    for (auto& producer : producers_) producer->produce(now);
    poller_.wait(next_wait(end));
  }
}

Duration Traffic::next_wait(Time end) const {
  Time next = end;
  if (plan_.rate > 0) {
    for (const auto& producer : producers_) next = std::min(next, producer->next_due());
  }
  return next - Clock::now();
}

void Traffic::drain() {
  std::uint64_t last = progress();
  Time deadline = Clock::now() + drain_patience;
  while (!all_done() && Clock::now() < deadline) {
    poller_.wait(std::chrono::milliseconds(10));
    if (progress() == last) continue;
    last = progress();
    deadline = Clock::now() + drain_patience;
  }
  // What comes now has come before.
  for (const Time end = Clock::now() + std::chrono::milliseconds(20); Clock::now() < end;) {
    poller_.wait(std::chrono::milliseconds(5));
  }
}

bool Traffic::all_done() const {
  return std::all_of(producers_.begin(), producers_.end(),
                     [](const auto& producer) { return producer->is_done(); });
}

std::uint64_t Traffic::progress() const {
  const Snapshot now = snapshot();
  return now.received + now.receipts;
}

Traffic::Snapshot Traffic::snapshot() const {
  Snapshot now{Usage::now(broker_), 0, 0};
  for (const auto& subscriber : subscribers_) now.received += subscriber->received();
  for (const auto& producer : producers_) now.receipts += producer->receipts();
  return now;
}

Result Traffic::measure(const Snapshot& from, const Snapshot& to) const {
  const bool counts_receipts = plan_.outstanding != 0;
  const std::uint64_t count =
      counts_receipts ? to.receipts - from.receipts : to.received - from.received;
  Result result = result_of(count, from.usage, to.usage);
  result.broker_memory = static_cast<double>(broker_.memory());
  return result;
}

Faults Traffic::faults() const {
  Faults all;
  for (const auto& subscriber : subscribers_) all += subscriber->faults();
  for (const auto& producer : producers_) all += producer->receipt_faults();
  return all;
}

// A queue that believes a message unsettled gives it to the next subscriber.
void Traffic::check_acknowledged(Faults& faults) {
  for (auto& subscriber : subscribers_) subscriber->leave();
  Subscriber next(poller_, space_, plan_, latency_);
  for (const auto& lane : lanes_) next.add(*lane, body_);
  next.open(endpoint_, greeting_);
  for (const Time end = Clock::now() + std::chrono::milliseconds(200); Clock::now() < end;) {
    poller_.wait(std::chrono::milliseconds(20));
  }
  faults.doubled += next.received();
  next.leave();
}

}  // namespace romp::bench
