// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <deque>

#include "failure.hpp"
#include "frame_writer.hpp"
#include "scenario.hpp"
#include "traffic.hpp"
#include "usage.hpp"

namespace romp::bench {
namespace {

constexpr auto stall = std::chrono::seconds(5);

/// What all callers of a storm share.
struct Storm {
  Poller poller;
  Endpoint endpoint;
  Greeting greeting;
  Meter meter;
  std::uint64_t finished = 0;
  bool over = false;
};

/// Goes through connect, CONNECT, DISCONNECT, close, and begins again until the storm is over.
class Caller final : public Watcher {
 public:
  explicit Caller(Storm& storm) : storm_(storm) {}

  void call() {
    started_ = Clock::now();
    state_ = State::connecting;
    received_.clear();
    socket_ = start_connect(storm_.endpoint);
    storm_.poller.add(socket_.fd(), *this, true);
  }

  bool is_calling() const { return socket_.fd() >= 0; }
  Time started() const { return started_; }

  void on_ready(bool readable, bool writable) override {
    if (state_ == State::connecting && (writable || readable)) return on_connected();
    if (readable) receive();
  }

 private:
  enum class State { connecting, greeting, leaving };

  void on_connected() {
    check_connected(socket_.fd());
    storm_.poller.change(socket_.fd(), *this, false);
    Bytes greeting;
    write_connect(greeting, storm_.greeting);
    say(greeting, State::greeting);
  }

  void say(const Bytes& octets, State next) {
    const ssize_t count = send(socket_.fd(), octets.view().data(), octets.size(), MSG_NOSIGNAL);
    if (count != static_cast<ssize_t>(octets.size()))
      throw Failure("a new connection takes no octets");
    state_ = next;
  }

  void receive() {
    char piece[4096];
    const ssize_t count = recv(socket_.fd(), piece, sizeof piece, 0);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) throw Failure("the broker closed a connection before its RECEIPT");
    received_.append(piece, static_cast<std::size_t>(count));
    std::string_view octets = received_;
    Frame frame;
    while (is_calling() && reader_.next(octets, frame)) on_frame(frame);
    received_.erase(0, received_.size() - octets.size());
  }

  void on_frame(const Frame& frame) {
    if (frame.kind == Frame::Kind::error) throw_error_frame(frame);
    if (frame.kind == Frame::Kind::connected && state_ == State::greeting) {
      Bytes farewell;
      write_frame(farewell, "DISCONNECT", {{"receipt", "left"}});
      return say(farewell, State::leaving);
    }
    if (frame.kind == Frame::Kind::receipt && state_ == State::leaving) return hang_up();
    throw Failure("a frame that nobody waits for");
  }

  void hang_up() {
    socket_.close();
    ++storm_.finished;
    storm_.meter.add(ns_since_start(started_), ns_since_start(Clock::now()));
  }

  Storm& storm_;
  Socket socket_;
  FrameReader reader_;
  std::string received_;
  Time started_{};
  State state_ = State::connecting;
};

void rage_until(Storm& storm, std::deque<Caller>& callers, Time end) {
  while (Clock::now() < end) {
    for (Caller& caller : callers) {
      if (!caller.is_calling()) caller.call();
    }
    storm.poller.wait(end - Clock::now());
    const Time now = Clock::now();
    for (const Caller& caller : callers) {
      if (now - caller.started() > stall) throw Failure("a connection waits for 5 s");
    }
  }
}

}  // namespace

Result run_storm(const Options& options) {
  raise_file_limit();
  const BrokerProcess broker(options.pid);
  Storm storm;
  storm.endpoint = Endpoint::resolve(options.host, options.port);
  storm.greeting = greeting_of(options);
  std::deque<Caller> callers;
  for (std::size_t i = 0; i < options.concurrency; ++i) callers.emplace_back(storm);
  rage_until(storm, callers, Clock::now() + from_seconds(options.warmup));
  const Usage from = Usage::now(broker);
  const std::uint64_t finished = storm.finished;
  storm.meter.start(from.time);
  rage_until(storm, callers, from.time + from_seconds(options.duration));
  Result result = result_of(storm.finished - finished, from, Usage::now(broker));
  result.broker_memory = static_cast<double>(broker.memory());
  result.latency = latency_of(storm.meter.histogram());
  return result;
}

}  // namespace romp::bench
