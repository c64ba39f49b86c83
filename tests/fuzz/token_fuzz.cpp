// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "auth/digest.hpp"
#include "auth/token.hpp"

/// No text is a good token unless it was made with the secret, and then it is good once. The first
/// line is the login, what is behind it the passcode.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using romp::auth::TokenChecker;
  constexpr std::int64_t now_ms = 1'700'000'000'000;
  static TokenChecker checker({.secret = "alohomora alohomora", .legacy = true});
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto end = text.find('\n');
  const auto login = text.substr(0, end);
  const auto passcode = end == text.npos ? std::string_view() : text.substr(end + 1);
  if (checker.check(login, passcode, now_ms).outcome == TokenChecker::Outcome::good) std::abort();
  TokenChecker fresh({.secret = "alohomora alohomora"});
  const auto made = romp::auth::base64(romp::auth::hmac_sha256("alohomora alohomora", login));
  const auto first = fresh.check(login, made, now_ms);
  if (first.outcome == TokenChecker::Outcome::wrong) std::abort();
  if (first.outcome == TokenChecker::Outcome::good) {
    if (first.user.empty() || first.ends_ms <= now_ms) std::abort();
    if (fresh.check(login, made, now_ms).outcome != TokenChecker::Outcome::used) std::abort();
  }
  (void)romp::auth::from_base64(text);
  return 0;
}
