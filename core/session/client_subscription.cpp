// SPDX-License-Identifier: Apache-2.0
#include "session/client_subscription.hpp"

#include "session/connection.hpp"
#include "session/environment.hpp"
#include "session/put.hpp"
#include "session/roster.hpp"
#include "stomp/writer.hpp"

namespace romp::session {
namespace {

constexpr std::size_t largest_copy = 4096;  // above, the body is sent from where it lies
constexpr std::size_t varying_head = 160;   // octets of the head beyond the opening, at most
constexpr std::size_t most_unsettled_of_a_topic = 65'536;

}  // namespace

ClientSubscription::ClientSubscription(broker::Terms terms, Wish wish, Connection& connection)
    : Subscription(std::move(terms)),
      wish_(std::move(wish)),
      connection_(&connection),
      spelling_(static_cast<broker::Spelling>(connection.version())) {
  opening_ = "MESSAGE\n";
  if (!wish_.id.empty()) {
    stomp::append_header(opening_, "subscription", wish_.id, connection.version());
  }
  opening_ += "message-id:" + connection.environment().broker.boot() + "-";
}

void ClientSubscription::end() {
  if (group_) connection_->roster().leave(*group_);
  group_.reset();
  ended_ = true;
}

void ClientSubscription::set_destination(broker::DestinationPtr destination) {
  destination_ = std::move(destination);
  const bool alike = !acknowledges() && !terms().selector && is_topic();
  if (alike && !group_) group_ = connection_->roster().group_of(*this);
}

bool ClientSubscription::deliver(const broker::MessagePtr& message,
                                 std::uint32_t attempts) noexcept {
  if (is_topic() && connection_->is_over_limit()) return false;
  Roster& roster = connection_->roster();
  const bool would_overtake = connection_->expects_letters();
  if (roster.is_here() && !would_overtake && !roster.filters_messages()) {
    if (ended_) return false;
    render(message, attempts);
    return true;
  }
  connection_->expect_letter(message->footprint());
  roster.put_letter({this, message, attempts});
  return true;
}

bool ClientSubscription::has_room() const noexcept { return connection_->has_room(); }

std::optional<unsigned> ClientSubscription::worker() const noexcept {
  return connection_->roster().worker().number();
}

void ClientSubscription::evict(const char* reason) noexcept {
  connection_->roster().post(
      [self = base::Ptr<ClientSubscription>(this), reason = std::string(reason)] {
        if (!self->has_ended()) self->connection_->subscription_lost(*self, reason);
      });
}

void ClientSubscription::open(const broker::MessagePtr& message, std::uint32_t attempts) {
  if (!ended_) {
    render(message, attempts);
  } else if (!is_topic()) {
    const auto& environment = connection_->environment();
    environment.dead_letter(*destination_,
                            destination_->give_back(*this, {{message, attempts}}, true),
                            "max_deliveries reached");
  }
}

bool ClientSubscription::may_settle(std::uint64_t number) const {
  if (!acknowledges()) return false;
  return is_topic() ? unsettled_.was_given(number) : unsettled_.holds(number);
}

std::uint64_t ClientSubscription::number_for(const broker::MessagePtr& message,
                                             std::uint32_t attempts) {
  if (!acknowledges()) return 0;
  const auto number = unsettled_.add(message, attempts + 1);
  if (is_topic() && unsettled_.size() > most_unsettled_of_a_topic) unsettled_.drop_oldest();
  return number;
}

void ClientSubscription::render(const broker::MessagePtr& message, std::uint32_t attempts) {
  const std::uint64_t number = number_for(message, attempts);
  connection_->roster().counters().messages_out.add();
  if (connection_->roster().filters_messages()) {
    render_filtered(message, attempts, number);
    return;
  }
  if (!group_ || !group_->is_worth_it() || message->body().size() > largest_copy) {
    render_alone(message, attempts, number);
    return;
  }
  if (!group_->has(*message)) {
    const auto head = message->head(spelling_);
    char* const begin =
        group_->begin(opening_.size() + varying_head + head.size() + message->body().size() + 1);
    char* at = put(put_head(begin, *message, attempts, number), head);
    at = put(at, {message->body().data(), message->body().size() + 1});
    group_->rendered(*message, static_cast<std::size_t>(at - begin));
  }
  connection_->outbox().share(group_->owner(), group_->frame());
  connection_->output_waits();
}

void ClientSubscription::render_alone(const broker::MessagePtr& message, std::uint32_t attempts,
                                      std::uint64_t number) {
  Outbox& outbox = connection_->outbox();
  const auto body = std::string_view(message->body().data(), message->body().size() + 1);
  const auto whole = message->in_one_piece(spelling_);
  const bool copies = body.size() <= largest_copy;
  const auto head = copies && !whole.empty() ? whole : message->head(spelling_);
  char* const begin = outbox.reserve(opening_.size() + varying_head + head.size() +
                                     (copies && whole.empty() ? body.size() : 0));
  char* at = put(put_head(begin, *message, attempts, number), head);
  if (copies && whole.empty()) at = put(at, body);
  outbox.commit(static_cast<std::size_t>(at - begin));
  if (!copies) outbox.share(message, body);
  connection_->output_waits();
}

void ClientSubscription::render_filtered(const broker::MessagePtr& message, std::uint32_t attempts,
                                         std::uint64_t number) {
  std::string frame(opening_.size() + varying_head, '\0');
  const char* const end = put_head(frame.data(), *message, attempts, number);
  frame.resize(static_cast<std::size_t>(end - frame.data()));
  frame.append(message->head(spelling_)).append(message->body()).append(1, '\0');
  connection_->send_filtered(std::move(frame));
}

/// In 1.0 and 1.1 an ACK names the message-id, so there the delivery's number is part of it.
char* ClientSubscription::put_head(char* at, const broker::Message& message, std::uint32_t attempts,
                                   std::uint64_t number) const noexcept {
  at = put(put(put(put(at, opening_), message.place), "-"), message.sequence);
  if (number != 0) {
    at = put(at, spelling_ == broker::Spelling::v1_2 ? "\nack:" : "_");
    at = put(put(put(at, wish_.slot), "-"), number);
  }
  *at++ = '\n';
  if (attempts != 0) {
    at = put(put(put(at, "redelivered:true\ndelivery-count:"), attempts + 1), "\n");
  }
  return at;
}

}  // namespace romp::session
