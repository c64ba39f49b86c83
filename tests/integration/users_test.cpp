// SPDX-License-Identifier: Apache-2.0
// Who gets in: users of the password file, tokens, nobody in particular.
#include "auth/password_hash.hpp"
#include "auth/token.hpp"
#include "integration/server_test.hpp"
#include "support/temporary_directory.hpp"
#include "support/web_socket_client.hpp"

namespace romp::integration {
namespace {

using namespace std::chrono_literals;
using testing::Not;

using namespace std::string_view_literals;
constexpr const char* secret = "alohomora alohomora";

std::int64_t seconds_from_now(std::int64_t seconds) { return base::unix_ms() / 1000 + seconds; }

Headers as(const std::string& login, const std::string& passcode) {
  return {{"login", login}, {"passcode", passcode}};
}
Headers as(const auth::Token& token) { return as(token.login, token.passcode); }

class Users : public ServerTest {
 protected:
  Users() { settings.user_file = write("harry:" + hash() + ":clerk\nboss:" + hash() + ":true\n"); }

  static const std::string& hash() {
    static const std::string made = auth::hash_password("alohomora");
    return made;
  }
  std::string write(const std::string& text) const {
    const auto path = directory.write("romp.passwd", text);
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
  }
  Frame refuse(const Headers& headers, std::string_view message = "login refused") const {
    auto c = server->client();
    Headers all{{"accept-version", "1.2"}, {"host", "h"}};
    all.insert(all.end(), headers.begin(), headers.end());
    c.send("CONNECT", all);
    return c.expect_error(message);
  }

  support::TemporaryDirectory directory;
};

class Tokens : public Users {
 protected:
  Tokens() {
    settings.user_file = "";
    settings.secret = secret;
  }
};

TEST_F(Users, GetInWithTheirPassword) {
  start();
  connect("1.2", as("harry", "alohomora"));
  connect("1.0", as("boss", "alohomora"));
  support::WebSocketClient(server->port()).connect(as("harry", "alohomora"));
}

TEST_F(Users, DoNotGetInWithoutIt) {
  start();
  const Frame wrong = refuse(as("harry", "secret-word"));
  EXPECT_THAT(wrong.body, Not(HasSubstr("secret-word")));
  EXPECT_EQ(refuse(as("nobody", "secret-word")).body, wrong.body);
  refuse({});
  refuse({{"login", "harry"}});
  refuse(as("harry", std::string(600, 'x')));
}

TEST_F(Users, MaySendFramesBehindTheirConnect) {
  start();
  auto c = server->client();
  c.raw(
      "CONNECT\naccept-version:1.2\nhost:h\nlogin:harry\npasscode:alohomora\n\n\0"
      "SEND\ndestination:/queue/a\nreceipt:1\n\nx\0"sv);
  c.expect("CONNECTED");
  EXPECT_EQ(c.expect("RECEIPT").header("receipt-id"), "1");
}

TEST_F(Users, ThatGoWhileTheyAreCheckedDoNoHarm) {
  start();
  for (int i = 0; i < 20; ++i) {
    auto c = server->client();
    c.send("CONNECT", {{"accept-version", "1.2"}, {"login", "harry"}, {"passcode", "no"}});
    c.socket().close();
  }
  EXPECT_TRUE(eventually([&] { return server->connections() == 0; }));
}

TEST_F(Users, AreToldToComeAgainWhenTooManyComeAtOnce) {
  settings.login_delay = 0ms;
  settings.pool_threads = 1;
  start();
  std::vector<StompClient> crowd;
  for (int i = 0; i < 150; ++i) {
    crowd.push_back(server->client());
    crowd.back().send(
        "CONNECT",
        {{"accept-version", "1.2"}, {"login", "nobody" + std::to_string(i)}, {"passcode", "x"}});
  }
  int busy = 0;
  for (auto& c : crowd) busy += c.receive().header("message") == "busy" ? 1 : 0;
  EXPECT_GT(busy, 0);
  EXPECT_LT(busy, 150);
}

TEST_F(Users, WaitWhereManyLoginsOfTheirAddressHaveFailed) {
  settings.login_delay = 300ms;
  start();
  for (int i = 0; i < 9; ++i) refuse(as("harry", "wrong" + std::to_string(i)));
  const auto began = std::chrono::steady_clock::now();
  connect("1.2", as("boss", "alohomora"));
  EXPECT_GT(std::chrono::steady_clock::now() - began, 100ms);
}

TEST_F(Users, MayBeNobodyWhereTheOperatorLetsThem) {
  settings.allow_anonymous = true;
  start();
  connect("1.2");
  refuse(as("harry", "wrong"));
}

TEST_F(Users, OfAFileWithProblemsKeepTheServerFromStarting) {
  settings.user_file = write("harry:secret-word\nron\n");
  try {
    start();
    FAIL() << "it has started";
  } catch (const support::Failure& failure) {
    EXPECT_THAT(failure.what(), HasSubstr("romp.passwd:1: harry has no hash"));
    EXPECT_THAT(failure.what(), Not(HasSubstr("secret-word")));
  }
}

TEST_F(Tokens, OpenASessionForTheirUser) {
  auto inbox = topic_named("inbox");
  inbox.sub_by_user = true;
  settings.destinations.push_back(inbox);
  start();
  auto c = connect("1.2", as(auth::make_token("harry", secret, seconds_from_now(60))));
  c.subscribe("inbox");
  c.publish("inbox", "for ron", {{"to", "ron"}});
  c.publish("inbox", "for harry", {{"to", "harry"}});
  EXPECT_EQ(c.message().body, "for harry");
}

TEST_F(Tokens, AreGoodOnce) {
  start();
  const auto token = auth::make_token("harry", secret, seconds_from_now(60));
  connect("1.2", as(token));
  EXPECT_THAT(refuse(as(token)).body, HasSubstr("used before"));
  EXPECT_THAT(refuse(as(auth::make_token("harry", secret, seconds_from_now(-60)))).body,
              HasSubstr("time has passed"));
  refuse(as(auth::make_token("harry", "another secret", seconds_from_now(60))));
}

TEST_F(Tokens, OfRompAreTakenWhereTheOperatorWantsThem) {
  start();
  refuse(as(auth::make_legacy_token("harry", secret, seconds_from_now(0))));
  settings.token_legacy = true;
  start();
  connect("1.2", as(auth::make_legacy_token("harry", secret, seconds_from_now(0))));
}

TEST_F(Tokens, EndTheirSession) {
  settings.secret_skew = 0ms;
  start();
  auto c = connect("1.2", as(auth::make_token("harry", secret, seconds_from_now(2))));
  c.publish("/queue/a", "x");
  EXPECT_THAT(c.expect_error("login expired").body, HasSubstr("connect with a new one"));
}

}  // namespace
}  // namespace romp::integration
