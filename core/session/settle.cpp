// SPDX-License-Identifier: Apache-2.0
#include <charconv>

#include "session/roster.hpp"
#include "session/session.hpp"

namespace romp::session {
namespace {

using broker::AckMode;
using stomp::Name;
using stomp::ProtocolError;
using stomp::Version;

struct DeliveryId {
  std::uint32_t slot = 0;
  std::uint64_t number = 0;
};

/// "SLOT-NUMBER", as ClientSubscription wrote it. Zero where it is something else.
DeliveryId delivery_id_of(std::string_view text) {
  DeliveryId id;
  const char* const end = text.data() + text.size();
  const auto slot = std::from_chars(text.data(), end, id.slot);
  if (slot.ec != std::errc{} || slot.ptr == end || *slot.ptr != '-') return {};
  const auto number = std::from_chars(slot.ptr + 1, end, id.number);
  if (number.ec != std::errc{} || number.ptr != end) return {};
  return id;
}

/// In 1.2 the `ack` of MESSAGE comes back as `id`, in 1.0 and 1.1 its message-id, of which the
/// delivery's number is the end (STOMP 1.2, "ACK").
std::string_view id_in(const stomp::Frame& frame, Version version) {
  if (version == Version::v1_2) return frame.find(Name::id);
  const auto message_id = frame.find(Name::message_id);
  const auto at = message_id.rfind('_');
  return at == std::string_view::npos ? message_id : message_id.substr(at + 1);
}

}  // namespace

Session::Settled Session::delivery_named_by(const stomp::Frame& frame) {
  const Version version = connection_.version();
  const auto text = id_in(frame, version);
  const std::string word(frame.word);
  if (text.empty()) {
    throw ProtocolError("id missing",
                        version == Version::v1_2
                            ? word + " needs the id that the ack header of MESSAGE gave"
                            : word + " needs a message-id");
  }
  const DeliveryId id = delivery_id_of(text);
  ClientSubscription* const subscription = find_slot(id.slot);
  if (version == Version::v1_1 &&
      (subscription == nullptr || subscription->wish().id != frame.find(Name::subscription))) {
    throw ProtocolError("subscription unknown",
                        word + " in STOMP 1.1 needs the subscription of its message");
  }
  if (subscription == nullptr || !subscription->may_settle(id.number)) {
    throw ProtocolError("id unknown", word + ": no delivery \"" + std::string(text.substr(0, 64)) +
                                          "\" waits for it");
  }
  return {subscription, id.number};
}

Session::Effect Session::on_settle(Step& step, bool positive) {
  const stomp::Frame& frame = step.frame();
  const auto [subscription, number] = delivery_named_by(frame);
  Transaction* const transaction = transaction_of(frame);
  const bool requeue = frame.find(Name::requeue) != "false";
  if (!passes(step, ROMP_STAGE_PRE_ROUTE)) return Effect::none;
  if (transaction != nullptr) {
    hold(*transaction, HeldSettlement{subscription->wish().slot, number, positive, requeue},
         sizeof(HeldSettlement));
  } else {
    settle(*subscription, number, positive, requeue);
  }
  return Effect::done;
}

void Session::settle(ClientSubscription& subscription, std::uint64_t number, bool positive,
                     bool requeue) {
  const bool cumulative = subscription.terms().ack == AckMode::client;
  auto taken = subscription.unsettled().take(number, cumulative);
  const auto& destination = subscription.destination();
  if (taken.empty() || !destination) return;
  if (positive) {
    destination->settle(subscription, taken);
    return;
  }
  environment().dead_letter(*destination,
                            destination->give_back(subscription, std::move(taken), requeue),
                            requeue ? "max_deliveries reached" : "rejected by its consumer");
}

}  // namespace romp::session
