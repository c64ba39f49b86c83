// SPDX-License-Identifier: Apache-2.0
#include "connection.hpp"

#include <poll.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "failure.hpp"
#include "frame_writer.hpp"

namespace romp::bench {
namespace {

constexpr auto patience = std::chrono::seconds(10);

[[noreturn]] void fail(const char* what) {
  throw Failure(std::string(what) + ": " + std::generic_category().message(errno));
}

void wait_for(int fd, short events, Time deadline, const char* what) {
  pollfd entry{fd, events, 0};
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
  const int ready = left > 0 ? poll(&entry, 1, static_cast<int>(left)) : 0;
  if (ready == 0) throw Failure(std::string("no ") + what + " within 10 s");
  if (ready < 0 && errno != EINTR) fail("poll");
}

}  // namespace

void write_connect(Bytes& to, const Greeting& greeting) {
  if (greeting.login.empty()) {
    return write_frame(
        to, "CONNECT",
        {{"accept-version", "1.2"}, {"host", greeting.vhost}, {"heart-beat", "0,0"}});
  }
  write_frame(to, "CONNECT",
              {{"accept-version", "1.2"},
               {"host", greeting.vhost},
               {"heart-beat", "0,0"},
               {"login", greeting.login},
               {"passcode", greeting.passcode}});
}

void throw_error_frame(const Frame& frame) {
  std::string text("ERROR from the broker: ");
  text += frame.message;
  if (!frame.body.empty()) text.append(": ").append(frame.body.substr(0, 200));
  throw Failure(text);
}

void Connection::open(const Endpoint& endpoint, const Greeting& greeting) {
  socket_ = start_connect(endpoint);
  wait_for(socket_.fd(), POLLOUT, Clock::now() + patience, "connection");
  check_connected(socket_.fd());
  if (endpoint.tls) socket_.secure();
  write_connect(output_, greeting);
  await(connected_, "CONNECTED");
  output_.release();
  poller_.add(socket_.fd(), *this);
  polled_ = true;
}

void Connection::await_receipt(std::string_view name) {
  awaited_receipt_ = name;
  receipt_came_ = false;
  await(receipt_came_, "RECEIPT");
  awaited_receipt_.clear();
}

void Connection::await(const bool& done, const char* what) {
  const Time deadline = Clock::now() + patience;
  while (!done) {
    const bool all_written = flush();
    wait_for(socket_.fd(), static_cast<short>(all_written ? POLLIN : POLLIN | POLLOUT), deadline,
             what);
    receive();
  }
}

void Connection::on_ready(bool readable, bool writable) {
  if (readable) {
    do receive();
    while (socket_.has_unread());
  }
  if (writable) flush();
}

void Connection::receive() {
  char* const begin = space_.begin();
  const std::size_t kept = unfinished_.size();
  if (kept == space_.size()) throw Failure("a frame larger than any that was sent");
  std::memcpy(begin, unfinished_.data(), kept);
  const ssize_t count = socket_.receive(begin + kept, space_.size() - kept);
  if (count == 0) throw Failure("the broker closed the connection");
  if (count < 0) {
    if (errno == EAGAIN || errno == EINTR) return;
    fail("read");
  }
  handler_.on_read_begin(Clock::now());
  std::string_view octets(begin, kept + static_cast<std::size_t>(count));
  Frame frame;
  while (reader_.next(octets, frame)) dispatch(frame);
  unfinished_.assign(octets);
  handler_.on_read_end();
}

void Connection::dispatch(const Frame& frame) {
  switch (frame.kind) {
    case Frame::Kind::message:
      return handler_.on_message(frame);
    case Frame::Kind::receipt:
      if (!awaited_receipt_.empty() && frame.receipt_id == awaited_receipt_) {
        receipt_came_ = true;
        return;
      }
      return handler_.on_receipt(frame.receipt_id);
    case Frame::Kind::connected:
      connected_ = true;
      return;
    case Frame::Kind::error:
      throw_error_frame(frame);
  }
}

bool Connection::flush() {
  while (!output_.empty()) {
    const std::string_view octets = output_.view();
    const ssize_t count = socket_.send(octets);
    if (count < 0) {
      if (errno == EINTR) continue;
      if (errno != EAGAIN) fail("write");
      want_writable(true);
      return false;
    }
    output_.drop_front(static_cast<std::size_t>(count));
  }
  want_writable(false);
  return true;
}

void Connection::want_writable(bool wanted) {
  if (!polled_ || wanted == wants_writable_) return;
  wants_writable_ = wanted;
  poller_.change(socket_.fd(), *this, wanted);
}

}  // namespace romp::bench
