// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace romp::session {

/// What the users have taken, of what one user may take. Who has no name is nobody and not counted.
/// Any thread.
class Users {
 public:
  /// Limits of one user; 0: none.
  Users(std::size_t sessions, std::size_t subscriptions) noexcept
      : most_sessions_(sessions), most_subscriptions_(subscriptions) {}

  /// What one session of a user has taken; given back with it. One worker.
  class Place {
   public:
    Place(Users& users, std::string user) : users_(users), user_(std::move(user)) {}
    ~Place() { users_.leave(*this); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    /// The session has so many subscriptions now, or is about to. Throws ProtocolError when the
    /// user may not have more; then nothing has changed.
    void claim_subscriptions(std::size_t count);

   private:
    friend class Users;
    Users& users_;
    const std::string user_;
    std::size_t subscriptions_ = 0;
  };

  /// Null where nothing is counted. Throws ProtocolError when the user has all the sessions that it
  /// may have.
  std::unique_ptr<Place> enter(std::string_view user);

  /// Refusals so far.
  std::uint64_t refused() const;

 private:
  struct Taken {
    std::size_t sessions = 0;
    std::size_t subscriptions = 0;
  };
  void leave(const Place& place);

  const std::size_t most_sessions_;
  const std::size_t most_subscriptions_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Taken> users_;
  std::uint64_t refused_ = 0;
};

}  // namespace romp::session
