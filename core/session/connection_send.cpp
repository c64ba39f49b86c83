// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "session/roster.hpp"
#include "session/session.hpp"
#include "stomp/writer.hpp"

namespace romp::session {

void Connection::send(stomp::Command command, std::span<const stomp::Header> headers,
                      std::string_view body) {
  if (state_ != State::open) return;
  std::string frame;
  stomp::append_frame(frame, command, headers, body, version_);
  if (roster_->chain().wants(ROMP_STAGE_OUTBOUND, command)) {
    send_filtered(std::move(frame));
    return;
  }
  outbox_.append(frame);
  output_waits();
}

void Connection::send_receipt(std::string_view id) {
  if (id.data() == nullptr) return;
  const stomp::Header header{"receipt-id", id};
  send(stomp::Command::receipt, {&header, 1}, {});
}

void Connection::send_error(std::string_view message, std::string_view receipt,
                            std::string_view body) {
  roster_->counters().errors.add();
  std::vector<stomp::Header> headers{{"message", message}, {"content-type", "text/plain"}};
  if (receipt.data() != nullptr) headers.push_back({"receipt-id", receipt});
  if (!session_) headers.push_back({"version", "1.2,1.1,1.0"});
  send(stomp::Command::error, headers, std::string(body) + "\n");
}

void Connection::send_filtered(std::string text) {
  static const stomp::Limits generous{250, std::size_t{1} << 24, SIZE_MAX / 2, 0, SIZE_MAX / 2};
  stomp::Parser parser(generous);
  parser.set_version(version_);
  stomp::Frame frame;
  const std::string original = text;
  parser.next(text, frame);
  Step step(frame);
  plugin::Call& call =
      step.call(peer(), roster_->now().time_since_epoch().count(), roster_->calls());
  const auto outcome = roster_->chain().run(ROMP_STAGE_OUTBOUND, call);
  if (outcome.verdict == ROMP_HANDLED || outcome.verdict == ROMP_REJECT) return;
  std::string out;
  std::vector<stomp::Header> headers;
  for (const auto& h : frame.headers()) {
    if (stomp::classify(h.name) != stomp::Name::content_length) headers.push_back(h);
  }
  stomp::append_frame(out, frame.command, headers, frame.body(), version_);
  outbox_.append(out);
  output_waits();
}

void Connection::send_for_plugin(const plugin::Outgoing& frame) {
  std::vector<stomp::Header> headers(frame.headers.begin(), frame.headers.end());
  const auto add = [&](std::string_view name, std::string_view value) {
    const bool there = std::ranges::find(headers, name, &stomp::Header::name) != headers.end();
    if (!there && !value.empty()) headers.push_back({name, value});
  };
  std::string message_id;
  add("destination", frame.destination);
  if (frame.command == stomp::Command::message) {
    message_id = environment().broker.boot() + "-p" + std::to_string(id_) + "-" +
                 std::to_string(++from_plugins_);
    add("message-id", message_id);
    if (session_) add("subscription", session_->subscription_to(frame.destination));
  }
  send(frame.command, headers, frame.body);
}

}  // namespace romp::session
