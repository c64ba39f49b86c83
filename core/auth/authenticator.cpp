// SPDX-License-Identifier: Apache-2.0
#include "auth/authenticator.hpp"

#include <algorithm>

#include "auth/digest.hpp"
#include "auth/password_hash.hpp"

namespace romp::auth {
namespace {

constexpr const char* wrong = "login or passcode is wrong";

std::shared_ptr<const Credentials> credentials_from(const config::Settings& settings, Users users) {
  auto made = std::make_shared<Credentials>();
  made->users = std::move(users);
  made->has_file = !settings.user_file.empty();
  made->login = settings.login;
  made->passcode = settings.passcode;
  made->has_secret = !settings.secret.empty();
  made->allow_anonymous = settings.allow_anonymous;
  return made;
}

TokenChecker::Rules token_rules(const config::Settings& settings) {
  TokenChecker::Rules rules;
  rules.secret = settings.secret;
  rules.longest_life = settings.secret_timeout;
  rules.clock_skew = settings.secret_skew;
  rules.legacy = settings.token_legacy;
  return rules;
}

}  // namespace

Attempt::~Attempt() { forget(passcode); }

Authenticator::Authenticator(const config::Settings& settings) : Authenticator(settings, {}) {}

Authenticator::Authenticator(const config::Settings& settings, Users users)
    : credentials_(credentials_from(settings, std::move(users))),
      tokens_(token_rules(settings)),
      throttle_(settings.login_delay),
      pool_(settings.pool_threads) {}

void Authenticator::replace(const config::Settings& settings, Users users) {
  auto made = credentials_from(settings, std::move(users));
  tokens_.replace(token_rules(settings));
  const std::lock_guard lock(mutex_);
  credentials_ = std::move(made);
}

std::shared_ptr<const Credentials> Authenticator::credentials() const {
  const std::lock_guard lock(mutex_);
  return credentials_;
}

std::optional<base::Duration> Authenticator::wait_for(std::string_view remote) {
  if (!is_required()) return base::Duration::zero();
  const auto wait = throttle_.wait_for(remote, base::Clock::now());
  if (!wait || wait->count() != 0) ++counts_.delayed;
  return wait;
}

std::optional<Answer> Authenticator::check_now(const Attempt& attempt) {
  const auto known = credentials();
  const bool says_nothing = attempt.login.empty() && attempt.passcode.empty();
  const bool says_its_name = attempt.login == attempt.certified && attempt.passcode.empty();
  if ((says_nothing || says_its_name) && !attempt.certified.empty()) {
    return accept(attempt, known_as(attempt.certified));
  }
  if (!known->are_required()) return accept(attempt, known_as(attempt.certified));
  if (says_nothing) {
    return known->allow_anonymous ? accept(attempt, {}) : refuse(attempt, wrong);
  }
  const auto user = known->users.find(attempt.login);
  if (user != known->users.end()) {
    const bool recent =
        recent_.has(attempt.login, user->second.hash, attempt.passcode, base::Clock::now());
    if (!recent) return std::nullopt;
    return accept(attempt, {attempt.login, user->second.roles, 0});
  }
  if (known->has_login()) {
    const bool login_is_right = equal_in_constant_time(known->login, attempt.login);
    const bool passcode_is_right = equal_in_constant_time(known->passcode, attempt.passcode);
    if (login_is_right && passcode_is_right) return accept(attempt, {attempt.login, {}, 0});
  }
  if (known->has_secret) {
    if (auto answer = check_token(attempt)) return answer;
  }
  if (known->has_file) return std::nullopt;
  return refuse(attempt, wrong);
}

/// Nothing where it is no token, or not one of ours: it may be something else.
std::optional<Answer> Authenticator::check_token(const Attempt& attempt) {
  using enum TokenChecker::Outcome;
  const auto verdict = tokens_.check(attempt.login, attempt.passcode, base::unix_ms());
  if (verdict.outcome == none || verdict.outcome == wrong) return std::nullopt;
  if (verdict.outcome != good) return refuse(attempt, why_refused(verdict.outcome));
  Identity identity = known_as(verdict.user);
  identity.ends_ms = verdict.ends_ms;
  return accept(attempt, std::move(identity));
}

Answer Authenticator::check_slowly(const Attempt& attempt) {
  if (pool_.is_stopping()) return busy();
  const auto known = credentials();
  const auto user = known->users.find(attempt.login);
  if (user == known->users.end()) {
    pretend_to_check(attempt.passcode);
    return refuse(attempt, wrong);
  }
  if (!is_password_of(user->second.hash, attempt.passcode)) return refuse(attempt, wrong);
  recent_.add(attempt.login, user->second.hash, attempt.passcode, base::Clock::now());
  return accept(attempt, {attempt.login, user->second.roles, 0});
}

bool Authenticator::check_later(Attempt attempt, std::function<void(Answer)> done) {
  const auto shared = std::make_shared<Attempt>(std::move(attempt));
  const bool taken =
      pool_.submit([this, shared, done = std::move(done)] { done(check_slowly(*shared)); });
  if (!taken) ++counts_.busy;
  return taken;
}

Answer Authenticator::busy() {
  return {std::nullopt, "busy", "too many logins are being checked; try again in a moment"};
}

Answer Authenticator::too_many_failures() {
  return {std::nullopt, "login refused",
          "too many logins from this address have failed; try again later"};
}

Identity Authenticator::known_as(std::string_view user) const {
  const auto known = credentials();
  const auto found = known->users.find(user);
  Identity identity;
  identity.user = user;
  if (found != known->users.end()) identity.roles = found->second.roles;
  return identity;
}

Answer Authenticator::accept(const Attempt& attempt, Identity identity) {
  if (!identity.user.empty()) throttle_.succeeded(attempt.remote);
  ++counts_.accepted;
  return {std::move(identity), {}, {}};
}

Answer Authenticator::refuse(const Attempt& attempt, std::string_view why) {
  throttle_.failed(attempt.remote, base::Clock::now());
  ++counts_.refused;
  return {std::nullopt, "login refused", std::string(why)};
}

}  // namespace romp::auth
