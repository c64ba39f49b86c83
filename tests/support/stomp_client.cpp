// SPDX-License-Identifier: Apache-2.0
#include "support/stomp_client.hpp"

#include "support/eventually.hpp"
#include "support/failure.hpp"

namespace romp::support {
namespace {

using Clock = std::chrono::steady_clock;

Headers joined(Headers first, const Headers& more) {
  first.insert(first.end(), more.begin(), more.end());
  return first;
}

}  // namespace

StompClient::StompClient(std::uint16_t port, int receive_buffer) : socket_(port, receive_buffer) {}

Frame StompClient::connect(std::string_view version, const Headers& more) {
  Headers headers{{"host", "localhost"}};
  if (version != "1.0") headers.emplace_back("accept-version", version);
  send("CONNECT", joined(headers, more));
  Frame connected = expect("CONNECTED");
  session_ = connected.header("session");
  version_ = version;
  return connected;
}

// ---- sending ----------------------------------------------------------------------------------

void StompClient::send(std::string_view command, const Headers& headers, std::string_view body) {
  raw(encode({std::string(command), headers, std::string(body)}, version_));
}

void StompClient::complete(std::string_view command, Headers headers, std::string_view body) {
  const std::string receipt = next_id("receipt");
  headers.emplace_back("receipt", receipt);
  send(command, headers, body);
  while (true) {
    Frame frame = receive_new();
    if (frame.command == "RECEIPT" && frame.header("receipt-id") == receipt) return;
    if (frame.command != "MESSAGE") {
      throw Failure("waited for the RECEIPT of " + std::string(command) + ", got " +
                    describe(frame));
    }
    kept_.push_back(std::move(frame));
  }
}

void StompClient::publish(std::string_view destination, std::string_view body,
                          const Headers& more) {
  complete("SEND", joined({{"destination", std::string(destination)}}, more), body);
}

std::string StompClient::subscribe(std::string_view destination, const Headers& more) {
  const Frame asked{"SUBSCRIBE", more, {}};
  const std::string id = asked.has("id") ? asked.header("id") : next_id("sub");
  Headers headers{{"destination", std::string(destination)}};
  if (!asked.has("id")) headers.emplace_back("id", id);
  complete("SUBSCRIBE", joined(headers, more));
  return id;
}

void StompClient::unsubscribe(std::string_view id) {
  complete("UNSUBSCRIBE", {{"id", std::string(id)}});
}

void StompClient::ack(const Frame& message, const Headers& more) { settle("ACK", message, more); }

void StompClient::nack(const Frame& message, const Headers& more) { settle("NACK", message, more); }

/// 1.2 names the `ack` header of MESSAGE, 1.1 message-id and subscription, 1.0 the message-id.
void StompClient::settle(std::string_view command, const Frame& message, const Headers& more) {
  Headers headers;
  if (version_ == "1.2") {
    headers = {{"id", message.header("ack")}};
  } else {
    headers = {{"message-id", message.header("message-id")}};
    if (version_ == "1.1") headers.emplace_back("subscription", message.header("subscription"));
  }
  complete(command, joined(headers, more));
}

void StompClient::begin(std::string_view transaction) {
  complete("BEGIN", {{"transaction", std::string(transaction)}});
}

void StompClient::commit(std::string_view transaction) {
  complete("COMMIT", {{"transaction", std::string(transaction)}});
}

void StompClient::abort(std::string_view transaction) {
  complete("ABORT", {{"transaction", std::string(transaction)}});
}

/// A transaction with nothing in it changes nothing, and its receipts stand behind all before.
void StompClient::round_trip() {
  const std::string transaction = next_id("nothing");
  begin(transaction);
  abort(transaction);
}

std::string StompClient::next_id(std::string_view what) {
  return std::string(what) + "-" + std::to_string(++last_id_);
}

// ---- receiving --------------------------------------------------------------------------------

/// False when nothing more can come, or not in time.
bool StompClient::read_more(Time end) {
  switch (socket_.read(received_, end)) {
    case Socket::Read::some:
      return true;
    case Socket::Read::nothing:
      return false;
    case Socket::Read::reset:
      throw Failure("the connection was reset: a client may lose what was written last");
    case Socket::Read::closed:
      closed_ = true;
      return false;
  }
  return false;
}

Frame StompClient::receive_new() {
  const auto end = Clock::now() + patience;
  while (true) {
    if (auto frame = take_frame(received_, version_, beats_)) return std::move(*frame);
    if (!read_more(end)) {
      throw Failure((closed_ ? "the server has closed" : "no frame in time") +
                    std::string("; before it came \"") + printable(received_) + "\"");
    }
  }
}

Frame StompClient::receive() {
  if (kept_.empty()) return receive_new();
  Frame frame = std::move(kept_.front());
  kept_.pop_front();
  return frame;
}

std::optional<Frame> StompClient::receive_if_any() {
  if (!kept_.empty()) return receive();
  while (read_more(Clock::now())) {
  }
  return take_frame(received_, version_, beats_);
}

Frame StompClient::expect(std::string_view command) {
  Frame frame = receive();
  if (frame.command == command) return frame;
  throw Failure("waited for " + std::string(command) + ", got " + describe(frame));
}

std::vector<std::string> StompClient::bodies(std::size_t count) {
  std::vector<std::string> bodies;
  while (bodies.size() < count) bodies.push_back(message().body);
  return bodies;
}

Frame StompClient::expect_error(std::string_view message) {
  Frame error = expect("ERROR");
  if (!message.empty() && error.header("message") != message) {
    throw Failure("waited for ERROR \"" + std::string(message) + "\", got " + describe(error));
  }
  expect_closed();
  return error;
}

void StompClient::expect_closed() {
  const auto end = Clock::now() + patience;
  while (read_more(end)) {
  }
  if (!closed_) throw Failure("the server has not closed in time");
  if (!kept_.empty()) throw Failure("before the end came " + describe(kept_.front()));
  if (auto frame = take_frame(received_, version_, beats_)) {
    throw Failure("before the end came " + describe(*frame));
  }
  if (!received_.empty()) throw Failure("before the end came " + printable(received_));
}

void StompClient::nothing_came() {
  round_trip();
  if (!kept_.empty()) throw Failure("nothing should have come, but " + describe(kept_.front()));
}

void StompClient::nothing_comes(std::chrono::milliseconds time) {
  const auto end = Clock::now() + time;
  while (read_more(end)) {
    if (auto frame = take_frame(received_, version_, beats_)) kept_.push_back(std::move(*frame));
    if (!kept_.empty()) throw Failure("nothing should come, but " + describe(kept_.front()));
  }
  if (closed_) throw Failure("the server has closed, where nothing should come");
}

void StompClient::wait_for_beats(std::size_t count) {
  const auto end = Clock::now() + patience;
  while (beats_ < count) {
    if (!read_more(end)) throw Failure("no heart-beat in time");
    if (auto frame = take_frame(received_, version_, beats_)) kept_.push_back(std::move(*frame));
  }
}

std::string StompClient::octets_of_frame() {
  const auto end = Clock::now() + patience;
  std::size_t nul;
  while ((nul = received_.find('\0')) == std::string::npos) {
    if (!read_more(end)) throw Failure("no whole frame came: " + printable(received_));
  }
  std::string octets = received_.substr(0, nul);
  received_.erase(0, nul + 1);
  return octets;
}

}  // namespace romp::support
