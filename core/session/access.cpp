// SPDX-License-Identifier: Apache-2.0
#include "session/access.hpp"

#include "session/roster.hpp"
#include "session/session.hpp"

namespace romp::session {

using auth::Verb;
using stomp::Name;
using stomp::ProtocolError;

void Session::give_access(std::unique_ptr<Access> access) {
  access_ = std::move(access);
  last_destination_.reset();  // it was allowed by other rules
}

base::Time Session::ends() const noexcept { return access_ ? access_->ends : base::Time::max(); }

/// Before any filter: what is forbidden, no plugin does for the client either.
void Session::check_access(const stomp::Frame& frame) {
  if (!access_ || !access_->rights) return;
  const auto destination = frame.find(Name::destination);
  if (destination.empty()) return;
  if (frame.command == stomp::Command::send) {
    if (destination != access_->last_written) require(Verb::write, destination);
    if (access_->last_written != destination) access_->last_written = destination;
    if (frame.has(Name::reply_to)) require(Verb::write, frame.find(Name::reply_to));
  } else if (frame.command == stomp::Command::subscribe) {
    require_read(destination);
  }
}

/// A pattern gets what may be read of it; that has to be something.
void Session::require_read(std::string_view destination) const {
  if (!broker::Pattern::is_pattern(destination)) return require(Verb::read, destination);
  if (!access_ || !access_->rights || access_->rights->may_somewhere(Verb::read)) return;
  refuse_access(Verb::read, destination);
}

void Session::require(Verb verb, std::string_view destination) const {
  if (!access_ || !access_->rights || TemporaryQueues::is_temporary(destination)) return;
  if (!access_->rights->may(verb, destination)) refuse_access(verb, destination);
}

void Session::refuse_access(Verb verb, std::string_view destination) const {
  const std::string& user = access_->rights->user();
  throw ProtocolError("not allowed",
                      (user.empty() ? "a client without login" : "the user \"" + user + "\"") +
                          " may not " + std::string(auth::name_of(verb)) + " " +
                          std::string(destination.substr(0, 256)));
}

/// Finds it, or makes it where that is allowed too. What is made counts for the session.
broker::DestinationPtr Session::find_or_create(std::string_view name) {
  auto& broker = environment().broker;
  const std::size_t most = environment().settings.session_destinations;
  const bool is_free = most == 0 && (!access_ || !access_->rights);
  if (is_free) return broker.find(name);
  if (auto existing = broker.find_existing(name)) return existing;
  if (broker.may_create(name)) require(Verb::create, name);
  if (most != 0 && brought_to_life_ >= most) {
    throw ProtocolError("too many destinations",
                        "a session may bring " + std::to_string(most) + " destinations to life");
  }
  auto made = broker.find(name);
  ++brought_to_life_;
  return made;
}

std::string Session::what_is_forbidden_now() const {
  if (!access_ || !access_->rights) return {};
  for (const auto& subscription : subscriptions_) {
    const std::string& destination = subscription->wish().destination;
    const bool temporary = TemporaryQueues::is_temporary(destination);
    if (subscription->destination() == nullptr) return destination;
    if (!temporary && !access_->rights->may(Verb::read, destination)) return destination;
  }
  return {};
}

}  // namespace romp::session
