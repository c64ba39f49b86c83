// SPDX-License-Identifier: Apache-2.0
#include "session/users.hpp"

#include "stomp/error.hpp"

namespace romp::session {

using stomp::ProtocolError;

std::unique_ptr<Users::Place> Users::enter(std::string_view user) {
  if (user.empty() || (most_sessions_ == 0 && most_subscriptions_ == 0)) return nullptr;
  const std::lock_guard lock(mutex_);
  Taken& taken = users_[std::string(user)];
  if (most_sessions_ != 0 && taken.sessions >= most_sessions_) {
    ++refused_;
    throw ProtocolError("too many sessions", "this user has its limit of " +
                                                 std::to_string(most_sessions_) + " sessions");
  }
  ++taken.sessions;
  return std::make_unique<Place>(*this, std::string(user));
}

void Users::leave(const Place& place) {
  const std::lock_guard lock(mutex_);
  const auto at = users_.find(place.user_);
  at->second.subscriptions -= place.subscriptions_;
  if (--at->second.sessions == 0) users_.erase(at);
}

void Users::Place::claim_subscriptions(std::size_t count) {
  const std::lock_guard lock(users_.mutex_);
  std::size_t& of_user = users_.users_.at(user_).subscriptions;
  const std::size_t most = users_.most_subscriptions_;
  const std::size_t wanted = of_user - subscriptions_ + count;
  if (count > subscriptions_ && most != 0 && wanted > most) {
    ++users_.refused_;
    throw ProtocolError("too many subscriptions",
                        "this user has its limit of " + std::to_string(most) + " subscriptions");
  }
  of_user = wanted;
  subscriptions_ = count;
}

std::uint64_t Users::refused() const {
  const std::lock_guard lock(mutex_);
  return refused_;
}

}  // namespace romp::session
