// SPDX-License-Identifier: Apache-2.0
#include "session/session.hpp"

#include <algorithm>

#include "broker/refused.hpp"
#include "session/access.hpp"
#include "session/filters.hpp"
#include "session/roster.hpp"

namespace romp::session {

using stomp::Command;
using stomp::ProtocolError;

Session::Session(Connection& connection) : connection_(connection) {}

Session::~Session() = default;

const Environment& Session::environment() const noexcept { return connection_.environment(); }

/// The stages a client's frame passes; see ARCHITECTURE.md.
void Session::on_frame(Step& step) {
  if (access_) check_access(step.frame());
  if (!passes(step, ROMP_STAGE_FRAME)) return;
  if (run(step) == Effect::none) return;
  if (connection_.roster().chain().wants(ROMP_STAGE_POST_ROUTE, step.frame().command)) {
    pass_filters(connection_, step, ROMP_STAGE_POST_ROUTE);
  }
  connection_.send_receipt(step.receipt());
  if (step.frame().command == Command::disconnect) connection_.finish();
}

bool Session::passes(Step& step, std::uint32_t stage) {
  if (!connection_.roster().chain().wants(stage, step.frame().command)) return true;
  return pass_filters(connection_, step, stage) == Passed::on;
}

Session::Effect Session::run(Step& step) {
  switch (step.frame().command) {
    case Command::send:
      return on_send(step);
    case Command::ack:
      return on_settle(step, true);
    case Command::nack:
      return on_settle(step, false);
    case Command::subscribe:
      return on_subscribe(step);
    case Command::unsubscribe:
      return on_unsubscribe(step);
    case Command::begin:
      return on_begin(step);
    case Command::commit:
      return on_commit(step);
    case Command::abort:
      return on_abort(step);
    case Command::disconnect:
      return on_disconnect(step);
    case Command::connect:
    case Command::stomp:
      throw ProtocolError("already connected", "this connection has its session");
    default:
      return on_unhandled(step, "unknown command",
                          "clients cannot send " + std::string(step.frame().word));
  }
}

Session::Effect Session::on_unhandled(Step& step, const char* message, std::string detail) {
  if (!passes(step, ROMP_STAGE_UNHANDLED)) return Effect::none;
  throw ProtocolError(message, std::move(detail));
}

Session::Effect Session::on_disconnect(Step& step) {
  return passes(step, ROMP_STAGE_PRE_ROUTE) ? Effect::done : Effect::none;
}

void Session::end() {
  give_up_waiting();
  waiter_.reset();
  transactions_.clear();
  place_.reset();
  const auto subscriptions = std::move(subscriptions_);
  subscriptions_.clear();
  for (const auto& s : subscriptions) end_subscription(s);
  last_destination_.reset();
  if (!temporary_) return;
  for (const auto& name : temporary_->all()) environment().broker.remove(name);
  temporary_.reset();
}

void Session::end_subscription(const base::Ptr<ClientSubscription>& subscription) {
  subscription->end();
  tell(ROMP_EV_UNSUBSCRIBED, *subscription);
  leave_destination(*subscription);
  if (connection_.expects_letters()) connection_.roster().keep_for_letters(subscription);
}

void Session::leave_destination(ClientSubscription& subscription) {
  const auto& destination = subscription.destination();
  if (!destination) {
    environment().broker.unsubscribe_pattern(subscription);
    return;
  }
  environment().dead_letter(
      *destination, destination->unsubscribe(subscription, subscription.unsettled().take_all()),
      "max_deliveries reached");
}

void Session::tell(std::uint32_t event, const ClientSubscription& subscription) const {
  const auto& plugins = environment().plugins;
  if (!plugins.wants(event)) return;
  plugins.tell({.type = event,
                .session = connection_.id(),
                .user = subscription.terms().user,
                .destination = subscription.wish().destination});
}

void Session::has_room_again() {
  const auto subscriptions = subscriptions_;  // giving may end one of them
  for (const auto& s : subscriptions) {
    if (s->destination()) s->destination()->resume(*s);
  }
}

ClientSubscription* Session::find_slot(std::uint32_t slot) noexcept {
  const auto at = std::ranges::lower_bound(subscriptions_, slot, {},
                                           [](const auto& s) { return s->wish().slot; });
  return at != subscriptions_.end() && (*at)->wish().slot == slot ? at->get() : nullptr;
}

std::vector<base::Ptr<ClientSubscription>>::iterator Session::find_id(std::string_view id) {
  return std::ranges::find_if(subscriptions_, [&](const auto& s) { return s->wish().id == id; });
}

std::string_view Session::subscription_to(std::string_view destination) const {
  for (const auto& s : subscriptions_) {
    if (s->wish().destination == destination) return s->wish().id;
  }
  return {};
}

}  // namespace romp::session
