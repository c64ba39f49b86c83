// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>

/// Tokens: who knows the shared secret can tell the server who a client is, without a password.
///
///     login     USER SECONDS NONCE                            blanks between them
///     passcode  base64( HMAC-SHA-256( key: secret, login ) )  SECONDS since 1970: it ends then
///     passcode  base64( SHA-1( login secret ) )               as romp and xtomp: it was made then
///
/// So a shell makes one: printf %s "$login" | openssl dgst -sha256 -hmac "$secret" -binary | base64
namespace romp::auth {

/// The two headers of CONNECT.
struct Token {
  std::string login;
  std::string passcode;

  bool operator==(const Token&) const = default;
};

/// A token that ends at `ends` (seconds since 1970). A nonce is taken once by the server: letters,
/// digits, `-` and `_`; left out, a random one is drawn. `user` has no blanks. Any thread.
Token make_token(std::string_view user, std::string_view secret, std::int64_t ends);
Token make_token(std::string_view user, std::string_view secret, std::int64_t ends,
                 std::string_view nonce);

/// The same in romp's old scheme, made at `made` (seconds since 1970). SHA-1 with the secret behind
/// the text is weak; for servers that know nothing else.
Token make_legacy_token(std::string_view user, std::string_view secret, std::int64_t made);
Token make_legacy_token(std::string_view user, std::string_view secret, std::int64_t made,
                        std::string_view nonce);

/// Checks tokens, and takes each one once. Any thread.
class TokenChecker {
 public:
  struct Rules {
    std::string secret;
    std::chrono::milliseconds longest_life{3'600'000};
    std::chrono::milliseconds clock_skew{5'000};  ///< between the clocks of maker and server
    bool legacy = false;                          ///< take romp's old ones too
    std::size_t most_remembered = 262'144;        ///< tokens used and not over yet; then `full`
  };

  enum class Outcome {
    good,
    none,     ///< this is no token at all
    wrong,    ///< made with another secret, or in the old scheme where that is not taken
    over,     ///< its time has passed
    too_far,  ///< it would live longer than longest_life, or was made in the future
    used,     ///< it has been here before
    full,     ///< too many tokens are remembered; later it may be taken
  };

  struct Verdict {
    Outcome outcome = Outcome::none;
    std::string user;
    std::int64_t ends_ms = 0;  ///< since 1970; the session ends then
  };

  explicit TokenChecker(Rules rules) : rules_(std::move(rules)) {}

  /// `now_ms` since 1970. The texts are a client's, of whatever form.
  Verdict check(std::string_view login, std::string_view passcode, std::int64_t now_ms);

  /// Other rules from now on; what was used stays used.
  void replace(Rules rules);

  /// Tokens that are remembered.
  std::size_t remembered() const;

 private:
  Outcome remember(std::string_view login, std::int64_t forget_ms, std::int64_t now_ms);

  mutable std::mutex mutex_;
  Rules rules_;
  std::unordered_set<std::string> used_;             ///< digests of logins
  std::multimap<std::int64_t, std::string> by_end_;  ///< the same by when they can be forgotten
};

/// "it has been used before", for the client.
std::string_view why_refused(TokenChecker::Outcome outcome) noexcept;

}  // namespace romp::auth
