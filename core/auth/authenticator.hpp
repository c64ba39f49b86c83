// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/hash_pool.hpp"
#include "auth/identity.hpp"
#include "auth/login_throttle.hpp"
#include "auth/password_file.hpp"
#include "auth/recent_logins.hpp"
#include "auth/token.hpp"
#include "config/settings.hpp"

namespace romp::auth {

/// What a client says about itself. The passcode is overwritten in the end.
struct Attempt {
  std::string login;
  std::string passcode;
  std::string certified;  ///< by its certificate, which was verified; empty: none
  std::string remote;     ///< "address:port"

  Attempt() = default;
  Attempt(Attempt&&) = default;
  Attempt& operator=(Attempt&&) = default;
  ~Attempt();
};

struct Answer {
  std::optional<Identity> who;  ///< nothing: refused
  std::string message;          ///< then, of ERROR: "login refused", "busy"
  std::string why;              ///< and its body
};

/// What the operator has said about who may come in, as it was read at one time.
struct Credentials {
  Users users;
  bool has_file = false;
  std::string login;
  std::string passcode;
  bool has_secret = false;
  bool allow_anonymous = false;

  bool has_login() const noexcept { return !login.empty() && !passcode.empty(); }
  /// False: everybody may come in without a login.
  bool are_required() const noexcept { return has_file || has_login() || has_secret; }
};

/// Decides who a client is: by the password file, else by `login` and `passcode`, else by a token;
/// without any of them by its certificate. Any thread.
class Authenticator {
 public:
  /// With what the settings say, but for the password file.
  explicit Authenticator(const config::Settings& settings);
  /// With `users` of the password file.
  Authenticator(const config::Settings& settings, Users users);

  /// Takes over changed credentials at once; tokens that were used stay used.
  void replace(const config::Settings& settings, Users users);

  bool is_required() const { return credentials()->are_required(); }

  /// How long an attempt from there waits first; nothing: it is refused at once.
  std::optional<base::Duration> wait_for(std::string_view remote);

  /// The answer where it takes no time; nothing: check_later() has to be asked.
  std::optional<Answer> check_now(const Attempt& attempt);
  /// Checks on a thread of its own, which then calls `done`. False: too many wait.
  bool check_later(Attempt attempt, std::function<void(Answer)> done);
  /// The same here, which takes tens of milliseconds.
  Answer check_slowly(const Attempt& attempt);
  /// What is answered when check_later says no.
  static Answer busy();
  /// What is answered where wait_for says nothing.
  static Answer too_many_failures();

  /// Somebody whom others vouch for, with the roles of the password file.
  Identity known_as(std::string_view user) const;

  /// Waits until nothing is checked any more; from now on everybody is refused.
  void stop() { pool_.stop(); }

  struct Counts {
    std::atomic<std::uint64_t> accepted{0};
    std::atomic<std::uint64_t> refused{0};
    std::atomic<std::uint64_t> busy{0};
    std::atomic<std::uint64_t> delayed{0};
  };
  const Counts& counts() const noexcept { return counts_; }

 private:
  std::shared_ptr<const Credentials> credentials() const;
  std::optional<Answer> check_token(const Attempt& attempt);
  Answer accept(const Attempt& attempt, Identity identity);
  Answer refuse(const Attempt& attempt, std::string_view why);

  mutable std::mutex mutex_;
  std::shared_ptr<const Credentials> credentials_;
  TokenChecker tokens_;
  LoginThrottle throttle_;
  RecentLogins recent_;
  HashPool pool_;
  Counts counts_;
};

}  // namespace romp::auth
