// SPDX-License-Identifier: Apache-2.0
#include "subscriber.hpp"

#include <charconv>

#include "failure.hpp"

namespace romp::bench {

void Subscriber::add(const Lane& lane, const Body& body) {
  verifiers_.emplace_back(std::to_string(lanes_.size()), lane.destination, lane.source, body);
  lanes_.push_back(&lane);
}

void Subscriber::open(const Endpoint& endpoint, const Greeting& greeting) {
  connection_.open(endpoint, greeting);
  for (std::size_t i = 0; i < lanes_.size(); ++i) subscribe(i, i + 1 == lanes_.size());
  connection_.await_receipt("subscribed");
  connection_.output().release();
}

void Subscriber::subscribe(std::size_t index, bool last) {
  const std::string id = std::to_string(index);
  const std::string prefetch = std::to_string(plan_.prefetch);
  const std::string_view destination = lanes_[index]->destination;
  Bytes& to = connection_.output();
  if (plan_.prefetch != 0) {
    return write_frame(to, "SUBSCRIBE",
                       {{"id", id},
                        {"destination", destination},
                        {"ack", "client-individual"},
                        {"prefetch-count", prefetch},
                        {"receipt", "subscribed"}});
  }
  if (last) {
    return write_frame(to, "SUBSCRIBE",
                       {{"id", id}, {"destination", destination}, {"receipt", "subscribed"}});
  }
  write_frame(to, "SUBSCRIBE", {{"id", id}, {"destination", destination}});
}

void Subscriber::leave() {
  write_frame(connection_.output(), "DISCONNECT", {{"receipt", "left"}});
  connection_.await_receipt("left");
  connection_.close();
}

Verifier* Subscriber::find(const Frame& frame) {
  if (verifiers_.size() == 1) return verifiers_.data();
  std::size_t id = verifiers_.size();
  const std::string_view text = frame.subscription;
  std::from_chars(text.data(), text.data() + text.size(), id);
  return id < verifiers_.size() ? &verifiers_[id] : nullptr;
}

void Subscriber::on_message(const Frame& frame) {
  ++received_;
  Verifier* verifier = find(frame);
  Stamp stamp;
  if (verifier == nullptr) {
    ++stray_;
  } else if (verifier->on_message(frame, stamp) && plan_.rate > 0) {
    meter_.add(stamp.due_ns, now_ns_);
  }
  if (plan_.prefetch != 0) acknowledge(frame);
}

void Subscriber::acknowledge(const Frame& frame) {
  if (frame.ack.empty())
    throw Failure("a MESSAGE without ack header, though ack is client-individual");
  write_ack(connection_.output(), frame.ack);
}

void Subscriber::on_read_end() {
  if (!connection_.output().empty()) connection_.flush();
}

Faults Subscriber::faults() const {
  Faults all;
  all.stray = stray_;
  for (std::size_t i = 0; i < lanes_.size(); ++i) all += verifiers_[i].faults(lanes_[i]->sent);
  return all;
}

}  // namespace romp::bench
