// SPDX-License-Identifier: Apache-2.0
#include "integration/server_test.hpp"

namespace romp::integration {
namespace {

class Login : public ServerTest {
 protected:
  Login() {
    settings.login = "harry";
    settings.passcode = "alohomora";
  }
  void refuse(const Headers& headers) {
    auto c = server->client();
    Headers all{{"accept-version", "1.2"}, {"host", "h"}};
    all.insert(all.end(), headers.begin(), headers.end());
    c.send("CONNECT", all);
    const Frame error = c.expect_error("login refused");
    EXPECT_THAT(error.body, testing::Not(HasSubstr("alohomora")));
  }
  static Headers as(const std::string& login) {
    return {{"login", login}, {"passcode", "alohomora"}};
  }
};

using UserTopics = Login;

TEST_F(Login, LetsInWhoKnowsThePasscode) {
  start();
  for (const std::string version : {"1.0", "1.1", "1.2"}) connect(version, as("harry"));
}

TEST_F(Login, RefusesEverybodyElse) {
  start();
  refuse({});
  refuse({{"login", "harry"}});
  refuse({{"passcode", "alohomora"}});
  refuse({{"login", "harry"}, {"passcode", ""}});
  refuse({{"login", "harry"}, {"passcode", "alohomor"}});
  refuse({{"login", "harry"}, {"passcode", "alohomoraalohomora"}});
  refuse({{"login", "Harry"}, {"passcode", "alohomora"}});
  refuse({{"login", "ron"}, {"passcode", "alohomora"}});
}

TEST_F(Login, IsNotAskedForUnlessBothAreSet) {
  settings.passcode = "";
  start();
  connect("1.2");
  connect("1.2", {{"login", "anybody"}, {"passcode", "anything"}});
}

TEST_F(UserTopics, HaveOneSubscriptionAUser) {
  auto topic = topic_named("inbox");
  topic.sub_by_user = true;
  start(topic);
  auto older = connect("1.2", as("harry"));
  older.subscribe("inbox", {{"id", "1"}});
  auto newer = connect("1.2", as("harry"));
  newer.subscribe("inbox");
  EXPECT_THAT(older.expect_error("subscription ended").body,
              HasSubstr("newer subscription of the same user"));
  newer.publish("inbox", "x");
  EXPECT_EQ(newer.message().body, "x");
}

TEST_F(UserTopics, TakeMessagesForOneUser) {
  auto topic = topic_named("inbox");
  topic.sub_by_user = true;
  start(topic);
  auto c = connect("1.2", as("harry"));
  c.subscribe("inbox");
  c.publish("inbox", "for ron", {{"to", "ron"}});
  c.publish("inbox", "for harry", {{"to", "harry"}});
  c.publish("inbox", "for all");
  EXPECT_THAT(c.bodies(2), ElementsAre("for harry", "for all"));
}

TEST_F(UserTopics, OfAServerWithoutLoginKeepAllSubscriptions) {
  settings.login = settings.passcode = "";
  auto topic = topic_named("inbox");
  topic.sub_by_user = true;
  start(topic);
  auto a = connect();
  auto b = connect();
  a.subscribe("inbox");
  b.subscribe("inbox");
  a.publish("inbox", "x");
  EXPECT_EQ(a.message().body, "x");
  EXPECT_EQ(b.message().body, "x");
}

}  // namespace
}  // namespace romp::integration
