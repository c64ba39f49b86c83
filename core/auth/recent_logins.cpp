// SPDX-License-Identifier: Apache-2.0
#include "auth/recent_logins.hpp"

#include "auth/digest.hpp"

namespace romp::auth {

RecentLogins::RecentLogins() : secret_(random_hex(32)) {}

/// None of the parts holds a NUL that is not its end: user and hash are lines of a file.
std::string RecentLogins::key_of(std::string_view user, std::string_view hash,
                                 std::string_view passcode) const {
  std::string text = std::string(user) + '\0' + std::string(hash) + '\0' + std::string(passcode);
  const auto digest = hmac_sha256(secret_, text);
  forget(text);
  return {digest.begin(), digest.end()};
}

void RecentLogins::add(std::string_view user, std::string_view hash, std::string_view passcode,
                       base::Time now) {
  std::string key = key_of(user, hash, passcode);
  const std::lock_guard lock(mutex_);
  drop_old(now);
  if (until_.size() >= most || !until_.emplace(key, now + good_for).second) return;
  by_age_.push_back(std::move(key));
}

bool RecentLogins::has(std::string_view user, std::string_view hash, std::string_view passcode,
                       base::Time now) {
  const std::string key = key_of(user, hash, passcode);
  const std::lock_guard lock(mutex_);
  drop_old(now);
  return until_.contains(key);
}

void RecentLogins::drop_old(base::Time now) {
  while (!by_age_.empty() && until_[by_age_.front()] <= now) {
    until_.erase(by_age_.front());
    by_age_.pop_front();
  }
}

}  // namespace romp::auth
