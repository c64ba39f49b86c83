// SPDX-License-Identifier: Apache-2.0
#include "auth/authenticator.hpp"

#include <gmock/gmock.h>

#include <condition_variable>
#include <future>
#include <latch>
#include <optional>

#include "auth/password_hash.hpp"
#include "auth/recent_logins.hpp"

namespace romp::auth {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* shared_secret = "alohomora alohomora";

class Authenticators : public testing::Test {
 protected:
  static const std::string& hash() {
    static const std::string made = hash_password("alohomora");
    return made;
  }
  void use_file() {
    settings.user_file = "romp.passwd";
    users["harry"] = {hash(), {"clerk"}, 1};
    users["boss"] = {hash(), {"admin"}, 2};
  }
  static Attempt attempt(std::string login, std::string passcode, std::string certified = {}) {
    Attempt made;
    made.login = std::move(login);
    made.passcode = std::move(passcode);
    made.certified = std::move(certified);
    made.remote = "10.0.0.1:5";
    return made;
  }
  /// Whatever way it takes.
  Answer check(std::string login, std::string passcode, std::string certified = {}) {
    if (!authenticator) authenticator.emplace(settings, users);
    const auto one = attempt(std::move(login), std::move(passcode), std::move(certified));
    auto answer = authenticator->check_now(one);
    return answer ? *answer : authenticator->check_slowly(one);
  }

  config::Settings settings;
  Users users;
  std::optional<Authenticator> authenticator;
};

TEST_F(Authenticators, AskNobodyWhereNothingIsSet) {
  EXPECT_EQ(check("anybody", "anything").who->user, "");
  EXPECT_FALSE(authenticator->is_required());
}

TEST_F(Authenticators, KnowUsersAndRolesByThePasswordFile) {
  use_file();
  EXPECT_EQ(check("harry", "alohomora").who->user, "harry");
  EXPECT_THAT(check("harry", "alohomora").who->roles, ElementsAre("clerk"));
  EXPECT_TRUE(check("boss", "alohomora").who->is_admin());
  EXPECT_FALSE(check("harry", "wrong").who);
  EXPECT_FALSE(check("nobody", "alohomora").who);
  EXPECT_FALSE(check("", "").who);
}

TEST_F(Authenticators, SayTheSameOfAWrongPasswordAndOfAnUnknownUser) {
  use_file();
  const auto wrong = check("harry", "wrong");
  const auto unknown = check("nobody", "wrong");
  EXPECT_EQ(wrong.message, unknown.message);
  EXPECT_EQ(wrong.why, unknown.why);
  EXPECT_FALSE(authenticator->check_now(attempt("nobody", "x")))
      << "answered at once it would tell";
}

TEST_F(Authenticators, TakeTheUserOfTheFileBeforeLoginAndPasscode) {
  use_file();
  settings.login = "harry";
  settings.passcode = "other";
  EXPECT_FALSE(check("harry", "other").who);
  settings.login = "shared";
  authenticator.reset();
  EXPECT_EQ(check("shared", "other").who->user, "shared");
  EXPECT_FALSE(check("shared", "wrong").who);
}

TEST_F(Authenticators, TakeTokensWithTheRolesOfTheFile) {
  use_file();
  settings.secret = shared_secret;
  const auto token = make_token("boss", shared_secret, base::unix_ms() / 1000 + 60);
  const auto answer = check(token.login, token.passcode);
  ASSERT_TRUE(answer.who);
  EXPECT_EQ(answer.who->user, "boss");
  EXPECT_TRUE(answer.who->is_admin());
  EXPECT_GT(answer.who->ends_ms, base::unix_ms());
  EXPECT_THAT(check(token.login, token.passcode).why, HasSubstr("used before"));
}

TEST_F(Authenticators, RememberUsedTokensOverAReload) {
  settings.secret = shared_secret;
  const auto token = make_token("harry", shared_secret, base::unix_ms() / 1000 + 60);
  EXPECT_TRUE(check(token.login, token.passcode).who);
  settings.login_delay = std::chrono::milliseconds(1);
  authenticator->replace(settings, {});
  EXPECT_FALSE(check(token.login, token.passcode).who);
}

TEST_F(Authenticators, TakeTheNameOfACertificateWhereNoLoginIsGiven) {
  use_file();
  EXPECT_EQ(check("", "", "harry").who->user, "harry");
  EXPECT_THAT(check("", "", "harry").who->roles, ElementsAre("clerk"));
  EXPECT_EQ(check("boss", "alohomora", "harry").who->user, "boss");
  EXPECT_FALSE(check("boss", "wrong", "harry").who) << "a wrong login is no login";
}

TEST_F(Authenticators, LetNobodyInParticularInOnlyWhereTheOperatorSaysSo) {
  use_file();
  settings.allow_anonymous = true;
  EXPECT_EQ(check("", "").who->user, "");
  EXPECT_FALSE(check("harry", "").who);
}

TEST_F(Authenticators, ExchangeUsersAtOnce) {
  use_file();
  EXPECT_TRUE(check("harry", "alohomora").who);
  users.erase("harry");
  users["ron"] = {hash(), {}, 1};
  authenticator->replace(settings, users);
  EXPECT_FALSE(check("harry", "alohomora").who) << "though it was right a moment ago";
  EXPECT_TRUE(check("ron", "alohomora").who);
}

TEST_F(Authenticators, AnswerAtOnceWhoWasRightAMomentAgo) {
  use_file();
  check("harry", "alohomora");
  EXPECT_TRUE(authenticator->check_now(attempt("harry", "alohomora"))->who);
  EXPECT_FALSE(authenticator->check_now(attempt("harry", "wrong")));
  EXPECT_FALSE(authenticator->check_now(attempt("boss", "alohomora")));
}

TEST_F(Authenticators, MakeAnAddressWaitWhoseLoginsFail) {
  settings.login = "harry";
  settings.passcode = "alohomora";
  for (int i = 0; i < 6; ++i) check("harry", "wrong");
  EXPECT_GT(authenticator->wait_for("10.0.0.1:7")->count(), 0);
  EXPECT_EQ(authenticator->wait_for("10.0.0.2:7")->count(), 0);
  EXPECT_EQ(authenticator->counts().refused, 6U);
}

TEST_F(Authenticators, CheckOnThreadsOfTheirOwn) {
  use_file();
  authenticator.emplace(settings, users);
  std::promise<Answer> answer;
  EXPECT_TRUE(authenticator->check_later(attempt("harry", "alohomora"),
                                         [&](Answer a) { answer.set_value(std::move(a)); }));
  EXPECT_EQ(answer.get_future().get().who->user, "harry");
}

TEST_F(Authenticators, AnswerWhatWaitsWhenTheyAreStopped) {
  use_file();
  authenticator.emplace(settings, users);
  std::atomic<int> answers{0};
  for (int i = 0; i < 10; ++i) {
    authenticator->check_later(attempt("nobody", "x"), [&](const Answer&) { ++answers; });
  }
  authenticator->stop();
  EXPECT_EQ(answers, 10);
  EXPECT_FALSE(authenticator->check_later(attempt("harry", "x"), [](const Answer&) {}));
}

TEST(HashPools, TakeABoundedNumberOfTasks) {
  HashPool pool(1);
  std::latch begun(1);
  std::latch go(1);
  pool.submit([&] {
    begun.count_down();
    go.wait();
  });
  begun.wait();
  for (std::size_t i = 0; i < HashPool::most_waiting; ++i) EXPECT_TRUE(pool.submit([] {}));
  EXPECT_FALSE(pool.submit([] {}));
  go.count_down();
}

TEST(RecentLoginsTable, ForgetsAfterAMinuteAndIsBounded) {
  RecentLogins recent;
  base::Time now{};
  recent.add("harry", "hash", "alohomora", now);
  EXPECT_TRUE(recent.has("harry", "hash", "alohomora", now));
  EXPECT_FALSE(recent.has("harry", "hash", "Alohomora", now));
  EXPECT_FALSE(recent.has("harry", "other", "alohomora", now)) << "the password was changed";
  for (std::size_t i = 0; i < RecentLogins::most; ++i) {
    recent.add("user" + std::to_string(i), "hash", "x", now);
  }
  EXPECT_FALSE(recent.has("user" + std::to_string(RecentLogins::most - 1), "hash", "x", now));
  EXPECT_FALSE(recent.has("harry", "hash", "alohomora", now + RecentLogins::good_for));
}

}  // namespace
}  // namespace romp::auth
