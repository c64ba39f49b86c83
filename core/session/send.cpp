// SPDX-License-Identifier: Apache-2.0
#include <charconv>

#include "broker/refused.hpp"
#include "session/compose.hpp"
#include "session/filters.hpp"
#include "session/roster.hpp"
#include "session/session.hpp"

namespace romp::session {
namespace {

using broker::Published;
using broker::Refused;
using stomp::Name;
using stomp::ProtocolError;

constexpr std::uint32_t sends_between_looks = 64;

/// When it expires, in ms since 1970: `expires` (ActiveMQ) is a time, `expiration` (RabbitMQ) a
/// life. 0: never.
std::int64_t expiry_of(const stomp::Frame& frame) {
  for (const Name name : {Name::expires, Name::expiration}) {
    const auto text = frame.find(name);
    if (text.empty()) continue;
    std::int64_t ms = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), ms);
    if (error != std::errc{} || stop != text.data() + text.size() || ms < 0) {
      throw ProtocolError("bad expiry", "not a number of milliseconds: \"" +
                                            std::string(text.substr(0, 64)) + "\"");
    }
    if (ms == 0) continue;
    return name == Name::expires ? ms : base::unix_ms() + ms;
  }
  return 0;
}

/// Brings the news that a destination has room back to the session, which may have moved.
class RoomWaiter final : public broker::Waiter {
 public:
  explicit RoomWaiter(Connection& connection)
      : home_(connection.roster().home_of(connection.id())), session_(connection.id()) {}

  void on_room() noexcept override {
    home_.post_to(session_, [](Connection& connection) { connection.room_again(); });
  }

 private:
  Roster& home_;
  const std::uint64_t session_;
};

}  // namespace

Session::Effect Session::on_send(Step& step) {
  if (step.message) return publish(step, std::move(step.to), std::move(step.message));
  stomp::Frame& frame = step.frame();
  const auto name = frame.find(Name::destination);
  if (name.empty()) throw ProtocolError("destination missing", "SEND needs a destination");
  if (name.starts_with("/virt/admin/") && obey(frame, name)) return Effect::done;
  Transaction* const transaction = transaction_of(frame);
  broker::DestinationPtr to;
  try {
    to = destination_for_send(name);
  } catch (const Refused& refused) {
    if (refused.why() != Refused::Why::unknown) throw;
    return on_unhandled(step, refused.what(), refused.detail());
  }
  if (!to) return Effect::done;
  if (to->live().blocks_sender(connection_.is_of_the_web())) {
    throw Refused(Refused::Why::not_allowed, "blocked", "clients cannot send to " + to->name());
  }
  if (!passes(step, ROMP_STAGE_PRE_ROUTE)) return Effect::none;
  if (const auto now_named = frame.find(Name::destination); now_named.data() != name.data()) {
    to = destination_for_send(now_named);
    if (!to) return Effect::done;
  }
  if (frame.has(Name::reply_to)) rewrite_reply_to(frame);

  auto message = message_from(frame, *to);
  if (transaction == nullptr) return publish(step, std::move(to), std::move(message));
  const auto octets = message->footprint();
  hold(*transaction, HeldSend{std::move(to), std::move(message)}, octets);
  return Effect::done;
}

/// Null for the temporary queue of a session that has gone: nobody waits for the answer any more,
/// and that is no mistake of whoever answers.
broker::DestinationPtr Session::destination_for_send(std::string_view name) {
  if (last_destination_ && name == last_name_) return last_destination_;
  if (TemporaryQueues::is_temporary(name)) {
    if (auto existing = environment().broker.find_existing(name)) return existing;
    return TemporaryQueues::has_token(name) ? nullptr : make_temporary(name);
  }
  require(auth::Verb::write, name);
  last_destination_ = find_or_create(name);
  last_name_ = name;
  return last_destination_;
}

/// Others reach the client's temporary queue only by the name that this header tells them. As with
/// RabbitMQ, naming it is enough to be subscribed to it.
void Session::rewrite_reply_to(stomp::Frame& frame) {
  const auto name = frame.find(Name::reply_to);
  require(auth::Verb::write, name);
  if (!TemporaryQueues::is_temporary(name) || environment().broker.find_existing(name)) return;
  const auto queue = make_temporary(name);
  const std::string short_name(name);
  if (queue->counts().subscriptions == 0 && find_id(short_name) == subscriptions_.end()) {
    broker::Terms terms;
    terms.session = connection_.id();
    subscribe(std::move(terms), Wish{short_name, short_name, 0});
  }
  frame.set("reply-to", queue->name());
}

broker::MessagePtr Session::message_from(const stomp::Frame& frame,
                                         const broker::Destination& to) const {
  const bool plain = frame.plain && frame.find(Name::destination) == to.name();
  auto message = compose({to.name(), frame.headers(), frame.body(), frame.body_owner(), plain});
  message->sender = connection_.id();
  message->expires = expiry_of(frame);
  return message;
}

Session::Effect Session::publish(Step& step, broker::DestinationPtr to,
                                 broker::MessagePtr message) {
  while (true) {
    switch (to->publish(message, waiter_for(*to))) {
      case Published::accepted:
        connection_.roster().counters().messages_in.add();
        if (++sent_ % sends_between_looks == 0) look_for_a_better_worker(*to);
        return Effect::done;
      case Published::gone:
        last_destination_.reset();
        to = destination_for_send(to->name());
        if (!to) return Effect::done;
        break;
      case Published::waits:
        if (!step.is_held()) step.hold();
        step.stage = ROMP_STAGE_POST_ROUTE;
        step.to = std::move(to);
        step.message = std::move(message);
        waiting_ = std::make_unique<Step>(std::move(step));
        connection_.pause(environment().settings.block_timeout);
        return Effect::none;
    }
  }
}

std::unique_ptr<Step> Session::give_up_waiting() {
  if (waiting_) waiting_->to->stop_waiting(*waiter_);
  return std::move(waiting_);
}

broker::Waiter* Session::waiter_for(const broker::Destination& destination) {
  if (destination.settings().on_full != config::OnFull::block) return nullptr;
  if (!waiter_) waiter_ = new RoomWaiter(connection_);
  return waiter_.get();
}

}  // namespace romp::session
