// SPDX-License-Identifier: Apache-2.0
#include "auth/token.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

namespace romp::auth {
namespace {

using Outcome = TokenChecker::Outcome;
using std::chrono::milliseconds;

constexpr std::int64_t now = 1'700'000'000;  // s
constexpr std::int64_t now_ms = now * 1000;
constexpr std::string_view secret = "alohomora alohomora";

class Tokens : public testing::Test {
 protected:
  Tokens() {
    rules.secret = secret;
    rules.longest_life = milliseconds(60'000);
    rules.clock_skew = milliseconds(5'000);
  }
  Outcome outcome(const Token& token, std::int64_t at_ms = now_ms) {
    return TokenChecker(rules).check(token.login, token.passcode, at_ms).outcome;
  }

  TokenChecker::Rules rules;
};

using LegacyTokens = Tokens;

TEST_F(Tokens, NameTheirUserAndTheirEnd) {
  const auto token = make_token("harry", secret, now + 30);
  const auto verdict = TokenChecker(rules).check(token.login, token.passcode, now_ms);
  EXPECT_EQ(verdict.outcome, Outcome::good);
  EXPECT_EQ(verdict.user, "harry");
  EXPECT_EQ(verdict.ends_ms, now_ms + 30'000 + 5'000);
}

TEST_F(Tokens, AreWhatAShellMakesWithOpenssl) {
  // printf %s 'harry 1700000030 n1' | openssl dgst -sha256 -hmac 'alohomora alohomora' -binary |
  // base64
  const Token token{"harry 1700000030 n1", "e+ayJQADdSAPzNKHTEr2QMeIxxYD3UuYRAqojb9NUEI="};
  EXPECT_EQ(make_token("harry", secret, now + 30, "n1"), token);
}

TEST_F(Tokens, AreRefusedWhereAnythingInThemWasChanged) {
  const auto token = make_token("harry", secret, now + 30, "n1");
  EXPECT_EQ(outcome(token), Outcome::good);
  EXPECT_EQ(outcome({"ron 1700000030 n1", token.passcode}), Outcome::wrong);
  EXPECT_EQ(outcome({"harry 1700000031 n1", token.passcode}), Outcome::wrong);
  EXPECT_EQ(outcome({"harry 1700000030 n2", token.passcode}), Outcome::wrong);
  EXPECT_EQ(outcome({token.login, ""}), Outcome::wrong);
  EXPECT_EQ(outcome({token.login, token.passcode + "="}), Outcome::wrong);
  EXPECT_EQ(outcome(make_token("harry", "another secret", now + 30)), Outcome::wrong);
}

TEST_F(Tokens, AreNoneWhereTheirFormIsAnother) {
  for (const char* login :
       {"", "harry", "harry 1", "harry x n", "harry -1 n", "harry 1 ", " 1 n", "harry 1 n n",
        "harry  1 n", "harry 1\t n", "harry\n 1 n", "harry 99999999999999999999 n",
        "harry 9223372036854775807 n", "harry 253402300800 n", "harry +1 n"}) {
    EXPECT_EQ(outcome({login, "x"}), Outcome::none) << login;
  }
  EXPECT_EQ(outcome({"harry 1 " + std::string(600, 'n'), "x"}), Outcome::none);
}

TEST_F(Tokens, AreOverWhenTheirTimeHasPassedByMoreThanTheClocksMayDiffer) {
  const auto token = make_token("harry", secret, now);
  EXPECT_EQ(outcome(token, now_ms + 4'999), Outcome::good);
  EXPECT_EQ(outcome(token, now_ms + 5'000), Outcome::over);
}

TEST_F(Tokens, MayNotLiveLongerThanTheOperatorWants) {
  EXPECT_EQ(outcome(make_token("harry", secret, now + 65)), Outcome::good);
  EXPECT_EQ(outcome(make_token("harry", secret, now + 66)), Outcome::too_far);
  EXPECT_EQ(outcome(make_token("harry", secret, 253'402'300'799)), Outcome::too_far);
}

TEST_F(Tokens, AreTakenOnce) {
  TokenChecker checker(rules);
  const auto token = make_token("harry", secret, now + 30);
  EXPECT_EQ(checker.check(token.login, token.passcode, now_ms).outcome, Outcome::good);
  EXPECT_EQ(checker.check(token.login, token.passcode, now_ms).outcome, Outcome::used);
  EXPECT_EQ(checker.check(token.login, token.passcode, now_ms + 34'999).outcome, Outcome::used);
  EXPECT_EQ(checker.check(token.login, token.passcode, now_ms + 35'000).outcome, Outcome::over);
}

TEST_F(Tokens, AreRememberedNoLongerThanTheyLive) {
  TokenChecker checker(rules);
  for (int i = 0; i < 100; ++i) {
    const auto token = make_token("harry", secret, now + 10);
    checker.check(token.login, token.passcode, now_ms);
  }
  EXPECT_EQ(checker.remembered(), 100U);
  const auto later = make_token("harry", secret, now + 60);
  checker.check(later.login, later.passcode, now_ms + 15'000);
  EXPECT_EQ(checker.remembered(), 1U);
}

TEST_F(Tokens, AreRefusedRatherThanForgottenWhereTooManyAreInUse) {
  rules.most_remembered = 1;
  TokenChecker checker(rules);
  const auto first = make_token("harry", secret, now + 30);
  const auto second = make_token("ron", secret, now + 30);
  checker.check(first.login, first.passcode, now_ms);
  EXPECT_EQ(checker.check(second.login, second.passcode, now_ms).outcome, Outcome::full);
  EXPECT_EQ(checker.check(first.login, first.passcode, now_ms).outcome, Outcome::used);
}

TEST_F(Tokens, OfStrangersAreNotRemembered) {
  TokenChecker checker(rules);
  const auto token = make_token("harry", "another secret", now + 30);
  checker.check(token.login, token.passcode, now_ms);
  EXPECT_EQ(checker.remembered(), 0U);
}

TEST_F(Tokens, AreNotMadeForAUserWithBlanks) {
  EXPECT_THROW(make_token("harry potter", secret, now), std::invalid_argument);
  EXPECT_THROW(make_token("", secret, now), std::invalid_argument);
  EXPECT_THROW(make_token("harry", secret, now, "two words"), std::invalid_argument);
}

TEST_F(LegacyTokens, AreThoseOfRomp) {
  const Token token{"harry 0 rand", "9hdbYaisq45xkYhCJQCubqzxBZU="};
  EXPECT_EQ(make_legacy_token("harry", "XIxoIl6ngolYKQOrXpunRLCMWxR6O0lDI+HycNN4Ffo=", 0, "rand"),
            token);
}

TEST_F(LegacyTokens, AreTakenOnlyWhereTheOperatorWantsThem) {
  const auto token = make_legacy_token("harry", secret, now);
  EXPECT_EQ(outcome(token), Outcome::wrong);
  rules.legacy = true;
  EXPECT_EQ(outcome(token), Outcome::good);
}

TEST_F(LegacyTokens, LiveFromWhenTheyWereMade) {
  rules.legacy = true;
  const auto token = make_legacy_token("harry", secret, now);
  EXPECT_EQ(outcome(token, now_ms + 64'999), Outcome::good);
  EXPECT_EQ(outcome(token, now_ms + 65'000), Outcome::over);
  EXPECT_EQ(outcome(make_legacy_token("harry", secret, now + 5)), Outcome::good);
  EXPECT_EQ(outcome(make_legacy_token("harry", secret, now + 6)), Outcome::too_far)
      << "a stamp of the far future would never be over";
}

TEST_F(LegacyTokens, AreTakenOnceToo) {
  rules.legacy = true;
  TokenChecker checker(rules);
  const auto token = make_legacy_token("harry", secret, now);
  EXPECT_EQ(checker.check(token.login, token.passcode, now_ms).outcome, Outcome::good);
  EXPECT_EQ(checker.check(token.login, token.passcode, now_ms).outcome, Outcome::used);
}

}  // namespace
}  // namespace romp::auth
