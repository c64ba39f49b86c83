// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "broker/refused.hpp"
#include "session/roster.hpp"
#include "session/session.hpp"

namespace romp::session {
namespace {

using stomp::Name;
using stomp::ProtocolError;

std::string_view transaction_id(const stomp::Frame& frame) {
  const auto id = frame.find(Name::transaction);
  if (id.empty()) {
    throw ProtocolError("transaction missing", std::string(frame.word) + " needs a transaction");
  }
  return id;
}

}  // namespace

/// Null for a frame outside of transactions.
Transaction* Session::transaction_of(const stomp::Frame& frame) {
  const auto id = frame.find(Name::transaction);
  if (id.data() == nullptr) return nullptr;
  const auto at = std::ranges::find(transactions_, id, &Transaction::id);
  if (at == transactions_.end()) {
    throw ProtocolError("transaction unknown",
                        "no transaction \"" + std::string(id.substr(0, 64)) + "\" was begun");
  }
  return &*at;
}

void Session::hold(Transaction& transaction, std::variant<HeldSend, HeldSettlement> step,
                   std::size_t octets) {
  const auto limit = environment().settings.max_transaction_size;
  if (transaction.octets + octets > limit) {
    throw ProtocolError("transaction too large",
                        "a transaction may hold " + std::to_string(limit) + " octets");
  }
  transaction.octets += octets;
  transaction.steps.push_back(std::move(step));
}

Session::Effect Session::on_begin(Step& step) {
  const auto id = transaction_id(step.frame());
  const auto limit = environment().settings.max_transactions;
  if (std::ranges::find(transactions_, id, &Transaction::id) != transactions_.end()) {
    throw ProtocolError("transaction open", "the transaction \"" + std::string(id.substr(0, 64)) +
                                                "\" has been begun already");
  }
  if (transactions_.size() >= limit) {
    throw ProtocolError("too many transactions",
                        "a session may have " + std::to_string(limit) + " open");
  }
  if (!passes(step, ROMP_STAGE_PRE_ROUTE)) return Effect::none;
  transactions_.push_back({std::string(id), {}, 0});
  return Effect::done;
}

Session::Effect Session::on_commit(Step& step) {
  transaction_id(step.frame());
  Transaction* const open = transaction_of(step.frame());
  if (!passes(step, ROMP_STAGE_PRE_ROUTE)) return Effect::none;
  const Transaction transaction = std::move(*open);
  std::erase_if(transactions_, [&](const Transaction& t) { return &t == open; });
  for (const auto& one : transaction.steps) {
    if (const auto* send = std::get_if<HeldSend>(&one)) {
      commit(*send);
    } else {
      const auto& settlement = std::get<HeldSettlement>(one);
      ClientSubscription* const subscription = find_slot(settlement.slot);
      if (subscription == nullptr) continue;
      settle(*subscription, settlement.number, settlement.positive, settlement.requeue);
    }
  }
  return Effect::done;
}

/// All or nothing: what SEND accepted is not refused now, however full the destination has become;
/// where it was deleted and cannot be made again, the message goes to the dead-letter queue.
void Session::commit(const HeldSend& send) {
  broker::DestinationPtr to = send.destination;
  connection_.roster().counters().messages_in.add();
  try {
    while (to->publish(send.message, nullptr, broker::Admission::always) ==
           broker::Published::gone) {
      last_destination_.reset();
      to = destination_for_send(to->name());
      if (!to) return;
    }
  } catch (const broker::Refused& refused) {
    environment().dead_letter(*send.destination, {send.message}, refused.what());
  }
}

Session::Effect Session::on_abort(Step& step) {
  transaction_id(step.frame());
  Transaction* const open = transaction_of(step.frame());
  if (!passes(step, ROMP_STAGE_PRE_ROUTE)) return Effect::none;
  std::erase_if(transactions_, [&](const Transaction& t) { return &t == open; });
  return Effect::done;
}

}  // namespace romp::session
