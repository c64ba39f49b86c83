// SPDX-License-Identifier: Apache-2.0
#include "auth/token.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>

#include "auth/digest.hpp"

namespace romp::auth {
namespace {

constexpr std::size_t longest_login = 512;
constexpr std::int64_t latest_second = 253'402'300'799;  // of the year 9999
constexpr std::size_t nonce_octets = 16;

struct Parts {
  std::string_view user;
  std::int64_t seconds = 0;
};

/// A word ends at a blank; nothing where there is none.
std::string_view take_word(std::string_view& text) {
  const auto end = std::min(text.find(' '), text.size());
  const auto word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

bool is_printable(std::string_view text) {
  return std::ranges::none_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

std::optional<Parts> parts_of(std::string_view login) {
  if (login.size() > longest_login || !is_printable(login)) return std::nullopt;
  Parts parts;
  parts.user = take_word(login);
  const auto seconds = take_word(login);
  const auto [stop, error] =
      std::from_chars(seconds.data(), seconds.data() + seconds.size(), parts.seconds);
  const bool whole = error == std::errc{} && stop == seconds.data() + seconds.size();
  const bool has_nonce = !login.empty() && login.find(' ') == login.npos;
  if (parts.user.empty() || !whole || !has_nonce) return std::nullopt;
  if (parts.seconds < 0 || parts.seconds > latest_second) return std::nullopt;
  return parts;
}

std::string login_of(std::string_view user, std::int64_t seconds, std::string_view nonce) {
  std::string login = std::string(user) + " " + std::to_string(seconds) + " " + std::string(nonce);
  if (!parts_of(login) || parts_of(login)->user != user) {
    throw std::invalid_argument("a token needs a user and a nonce without blanks");
  }
  return login;
}

std::string passcode_for(std::string_view login, std::string_view secret) {
  return base64(hmac_sha256(secret, login));
}

std::string legacy_passcode_for(std::string_view login, std::string_view secret) {
  std::string text = std::string(login) + std::string(secret);
  std::string passcode = base64(sha1(text));
  forget(text);
  return passcode;
}

}  // namespace

Token make_token(std::string_view user, std::string_view secret, std::int64_t ends,
                 std::string_view nonce) {
  std::string login = login_of(user, ends, nonce);
  std::string passcode = passcode_for(login, secret);
  return {std::move(login), std::move(passcode)};
}

Token make_token(std::string_view user, std::string_view secret, std::int64_t ends) {
  return make_token(user, secret, ends, random_hex(nonce_octets));
}

Token make_legacy_token(std::string_view user, std::string_view secret, std::int64_t made,
                        std::string_view nonce) {
  std::string login = login_of(user, made, nonce);
  std::string passcode = legacy_passcode_for(login, secret);
  return {std::move(login), std::move(passcode)};
}

Token make_legacy_token(std::string_view user, std::string_view secret, std::int64_t made) {
  return make_legacy_token(user, secret, made, random_hex(nonce_octets));
}

TokenChecker::Verdict TokenChecker::check(std::string_view login, std::string_view passcode,
                                          std::int64_t now_ms) {
  const auto parts = parts_of(login);
  if (!parts) return {};
  const std::lock_guard lock(mutex_);
  const bool is_new = equal_in_constant_time(passcode_for(login, rules_.secret), passcode);
  const bool is_old =
      rules_.legacy && equal_in_constant_time(legacy_passcode_for(login, rules_.secret), passcode);
  if (!is_new && !is_old) return {Outcome::wrong, {}, 0};
  const std::int64_t life = rules_.longest_life.count();
  const std::int64_t ends_ms = parts->seconds * 1000 + (is_new ? 0 : life);
  const std::int64_t skew = rules_.clock_skew.count();
  if (ends_ms + skew <= now_ms) return {Outcome::over, {}, 0};
  if (ends_ms - life - skew > now_ms) return {Outcome::too_far, {}, 0};
  const Outcome outcome = remember(login, ends_ms + skew, now_ms);
  if (outcome != Outcome::good) return {outcome, {}, 0};
  return {Outcome::good, std::string(parts->user), ends_ms + skew};
}

/// With the lock held. Only what was made with the secret comes here, so strangers cannot fill the
/// memory.
TokenChecker::Outcome TokenChecker::remember(std::string_view login, std::int64_t forget_ms,
                                             std::int64_t now_ms) {
  const auto digest = sha256(login);
  std::string key(digest.begin(), digest.begin() + 16);
  while (!by_end_.empty() && by_end_.begin()->first <= now_ms) {
    used_.erase(by_end_.begin()->second);
    by_end_.erase(by_end_.begin());
  }
  if (used_.contains(key)) return Outcome::used;
  if (used_.size() >= rules_.most_remembered) return Outcome::full;
  used_.insert(key);
  by_end_.emplace(forget_ms, std::move(key));
  return Outcome::good;
}

void TokenChecker::replace(Rules rules) {
  const std::lock_guard lock(mutex_);
  forget(rules_.secret);
  rules_ = std::move(rules);
}

std::size_t TokenChecker::remembered() const {
  const std::lock_guard lock(mutex_);
  return used_.size();
}

std::string_view why_refused(TokenChecker::Outcome outcome) noexcept {
  using enum TokenChecker::Outcome;
  switch (outcome) {
    case good:
      return "";
    case none:
    case wrong:
      return "login or passcode is wrong";
    case over:
      return "the token's time has passed";
    case too_far:
      return "the token would live longer than tokens may";
    case used:
      return "the token has been used before";
    case full:
      return "too many tokens are in use; try again later";
  }
  return "";
}

}  // namespace romp::auth
