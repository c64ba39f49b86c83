// SPDX-License-Identifier: Apache-2.0
// What administrators may do, over STOMP and HTTP, and who is none.
#include <nlohmann/json.hpp>

#include "auth/digest.hpp"
#include "auth/password_hash.hpp"
#include "integration/server_test.hpp"
#include "support/http_client.hpp"
#include "support/temporary_directory.hpp"

namespace romp::integration {
namespace {

using nlohmann::json;
using support::HttpAnswer;
using support::HttpClient;

const Headers as_json{{"Content-Type", "application/json"}};

class Administration : public ServerTest {
 protected:
  Administration() {
    settings.enable_admin = true;
    config::ListenerSettings admin;
    admin.name = "admin";
    admin.admin = true;
    settings.listeners.push_back(admin);
  }
  void use_roles() {
    static const std::string hash = auth::hash_password("alohomora");
    std::string text;
    for (const std::string role : {"admin", "operator", "monitor", "clerk"}) {
      text += role + ":" + hash + ":" + role + "\n";
    }
    settings.user_file = directory.write("romp.passwd", text);
    std::filesystem::permissions(settings.user_file, std::filesystem::perms::owner_all);
  }
  static Headers as(const std::string& user, const std::string& passcode = "alohomora") {
    const std::string text = user + ":" + passcode;
    const auto* octets = reinterpret_cast<const unsigned char*>(text.data());
    return {{"Authorization", "Basic " + auth::base64(octets, text.size())}};
  }
  StompClient administrator() const {
    StompClient client(server->port(1));
    client.connect();
    return client;
  }
  HttpAnswer get(const std::string& target, const Headers& more = {}) const {
    return support::http_get(server->port(1), target, more);
  }
  HttpAnswer post(const std::string& target, const std::string& body,
                  Headers more = as_json) const {
    HttpClient client(server->port(1));
    client.send("POST", target, more, body);
    return client.answer();
  }
  static Headers both(Headers one, const Headers& other) {
    one.insert(one.end(), other.begin(), other.end());
    return one;
  }

  support::TemporaryDirectory directory;
};

using Orders = Administration;
using Api = Administration;
using Console = Administration;

TEST_F(Orders, CleanAQueueAndSaySo) {
  start();
  auto c = administrator();
  for (const char* body : {"a", "b", "c"}) c.publish("/queue/a", body);
  c.send("SEND", {{"destination", "/virt/admin/clean"}, {"name", "/queue/a"}});
  const Frame answer = c.message();
  EXPECT_EQ(answer.header("message"), "ok");
  EXPECT_EQ(answer.header("destination"), "/virt/admin/clean");
  EXPECT_EQ(answer.body, "3 messages were dropped from /queue/a\n");
  EXPECT_EQ(server->counts("/queue/a").waiting, 0U);
}

TEST_F(Orders, CloseASession) {
  start();
  auto victim = connect();
  auto c = administrator();
  c.send("SEND", {{"destination", "/virt/admin/close-session"}, {"session", victim.session()}});
  EXPECT_EQ(c.message().header("message"), "ok");
  victim.expect_error("closed by an administrator");
  c.send("SEND", {{"destination", "/virt/admin/close-session"}, {"session", "nonsense"}});
  EXPECT_EQ(c.message().header("message"), "failed");
}

TEST_F(Orders, ChangeADestinationWhileItIsUsed) {
  start();
  auto client = connect();
  client.subscribe("/topic/a");
  auto c = administrator();
  c.send("SEND", {{"destination", "/virt/admin/perms"},
                  {"name", "/topic/a"},
                  {"write_block", "yes"},
                  {"max_connections", "1"}});
  const Frame answer = c.message();
  EXPECT_EQ(answer.header("message"), "ok") << answer.body;
  EXPECT_THAT(answer.body, HasSubstr("write_block = yes, max_connections = 1"));
  auto sender = connect();
  sender.send("SEND", {{"destination", "/topic/a"}}, "x");
  sender.expect_error("blocked");
  auto late = connect();
  late.send("SUBSCRIBE", {{"destination", "/topic/a"}, {"id", "1"}});
  late.expect_error("too many subscriptions");
}

TEST_F(Orders, ChangeNothingOfADestinationWhenOneWordIsWrong) {
  start();
  auto client = connect();
  client.publish("/queue/a", "x");
  auto c = administrator();
  const auto refused = [&](Headers perms) {
    perms.insert(perms.begin(), {"name", "/queue/a"});
    perms.insert(perms.begin(), {"destination", "/virt/admin/perms"});
    c.send("SEND", perms);
    const Frame answer = c.message();
    EXPECT_EQ(answer.header("message"), "failed") << answer.body;
    return answer.body;
  };
  EXPECT_THAT(refused({{"write_block", "yes"}, {"expiry", "soon"}}),
              HasSubstr("expiry = soon: expected"));
  EXPECT_THAT(refused({{"write_block", "yes"}, {"max_message_size", "1GiB"}}),
              HasSubstr("more than the server takes, 16MiB"));
  EXPECT_THAT(refused({{"write_block", "yes"}, {"type", "topic"}}),
              HasSubstr("not \"type\": max_"));
  EXPECT_THAT(refused({}), HasSubstr("no header says what"));
  client.send("SEND", {{"destination", "/queue/a"}, {"receipt", "taken"}}, "y");
  client.expect("RECEIPT");
}

TEST_F(Orders, LetSendersGoOnWhenADestinationMayHoldMore) {
  settings.destination_defaults.max_messages = 1;
  start();
  auto client = connect();
  client.publish("/queue/a", "1");
  client.send("SEND", {{"destination", "/queue/a"}, {"receipt", "second"}}, "2");
  ASSERT_TRUE(eventually([&] { return server->counts("/queue/a").blocked == 1; }));
  auto c = administrator();
  c.send("SEND",
         {{"destination", "/virt/admin/perms"}, {"name", "/queue/a"}, {"max_messages", "10"}});
  EXPECT_EQ(c.message().header("message"), "ok");
  client.expect("RECEIPT");
  EXPECT_EQ(server->counts("/queue/a").waiting, 2U);
}

TEST_F(Orders, ThatNobodyKnowsFailWithTheListOfThoseThatAre) {
  start();
  auto c = administrator();
  c.send("SEND", {{"destination", "/virt/admin/frobnicate"}});
  const Frame answer = c.message();
  EXPECT_EQ(answer.header("message"), "failed");
  EXPECT_THAT(answer.body, HasSubstr("close-session"));
}

TEST_F(Orders, AreTakenFromAdministratorsOnly) {
  start();
  auto c = connect();
  c.publish("/queue/a", "x");
  c.send("SEND", {{"destination", "/virt/admin/clean"}, {"name", "/queue/a"}});
  c.expect_error("not allowed");
  EXPECT_EQ(server->counts("/queue/a").waiting, 1U);
}

TEST_F(Orders, AreTakenFromAUserWithTheRoleOnEveryPort) {
  use_roles();
  start();
  auto c = connect("1.2", {{"login", "admin"}, {"passcode", "alohomora"}});
  c.publish("/queue/a", "x");
  c.send("SEND", {{"destination", "/virt/admin/clean"}, {"name", "/queue/a"}});
  EXPECT_EQ(c.message().header("message"), "ok");
  auto clerk = connect("1.2", {{"login", "clerk"}, {"passcode", "alohomora"}});
  clerk.send("SEND", {{"destination", "/virt/admin/kill"}});
  clerk.expect_error("not allowed");
}

TEST_F(Orders, AreNoneWhereTheOperatorWantsNoAdministration) {
  settings.enable_admin = false;
  start();
  auto c = administrator();
  c.send("SEND", {{"destination", "/virt/admin/clean"}, {"name", "/queue/a"}});
  c.expect_error("destination unknown");
  EXPECT_EQ(get("/api/server").status, 404);
}

TEST_F(Api, ShowsTheServerAndWhatIsInIt) {
  start();
  auto c = connect();
  c.subscribe("/topic/a", {{"id", "7"}});
  c.publish("/queue/b", "x");
  const auto about = json::parse(get("/api/server").body);
  EXPECT_EQ(about["messages_in"], 1);
  EXPECT_EQ(about["ports"].size(), 2U);
  const auto subscriptions = json::parse(get("/api/subscriptions").body);
  ASSERT_EQ(subscriptions.size(), 1U);
  EXPECT_EQ(subscriptions[0]["destination"], "/topic/a");
  EXPECT_EQ(subscriptions[0]["id"], "7");
  const auto sessions = json::parse(get("/api/sessions").body);
  ASSERT_EQ(sessions.size(), 1U);
  EXPECT_EQ(sessions[0]["id"], subscriptions[0]["session"]);
  bool seen = false;
  for (const auto& row : json::parse(get("/api/destinations").body)) {
    seen = seen || (row["name"] == "/queue/b" && row["waiting"] == 1);
  }
  EXPECT_TRUE(seen);
  EXPECT_EQ(get("/api/plugins").body, "[]\n");
  EXPECT_EQ(get("/api/filters").body, "[]\n");
  EXPECT_EQ(get("/api/nothing").status, 404);
}

TEST_F(Api, IsDescribedByItself) {
  start();
  const auto about = json::parse(get("/api/openapi.json").body);
  for (const auto& [path, methods] : about["paths"].items()) {
    const int status = methods.contains("get") ? get(path).status : post(path, "{}").status;
    EXPECT_NE(status, 404) << path;
  }
}

TEST_F(Api, ChangesWhatItIsToldTo) {
  start();
  auto victim = connect();
  victim.publish("/queue/a", "x");
  const auto purged = post("/api/purge", R"({"destination": "/queue/a"})");
  EXPECT_EQ(purged.status, 200);
  EXPECT_EQ(server->counts("/queue/a").waiting, 0U);
  EXPECT_EQ(post("/api/purge", R"({"destination": "/queue/none"})").status, 409);
  EXPECT_EQ(post("/api/purge", "{").status, 400);
  EXPECT_EQ(post("/api/purge", R"({"destination": 7})").status, 400);
  const auto id = json::parse(get("/api/sessions").body)[0]["id"].get<std::string>();
  EXPECT_EQ(post("/api/close", json{{"session", id}}.dump()).status, 200);
  victim.expect_error("closed by an administrator");
}

TEST_F(Api, IsNotServedOnOtherListeners) {
  start();
  EXPECT_EQ(support::http_get(server->port(), "/api/server").status, 404);
}

TEST_F(Api, AsksForALoginAndARole) {
  use_roles();
  settings.login_delay = std::chrono::milliseconds(0);
  start();
  const auto unknown = get("/api/server");
  EXPECT_EQ(unknown.status, 401);
  EXPECT_THAT(unknown.header("WWW-Authenticate"), HasSubstr("Basic"));
  EXPECT_EQ(get("/api/server", as("admin", "wrong")).status, 401);
  EXPECT_EQ(get("/api/server", as("nobody")).status, 401);
  EXPECT_EQ(get("/api/server", as("clerk")).status, 403);
  EXPECT_EQ(get("/api/server", as("monitor")).status, 200);
  const std::string order = R"({"destination": "/xtomp/stat"})";
  EXPECT_EQ(post("/api/purge", order, both(as("monitor"), as_json)).status, 403);
  EXPECT_EQ(post("/api/purge", order, both(as("operator"), as_json)).status, 200);
  EXPECT_EQ(post("/api/reload", "{}", both(as("operator"), as_json)).status, 403);
  EXPECT_EQ(post("/api/reload", "{}", both(as("admin"), as_json)).status, 409)
      << "this server has no file to read again";
}

TEST_F(Api, LetsOperatorsPurgeWhatTheyArePermittedTo) {
  use_roles();
  config::PermissionSettings section;
  section.roles = {"operator"};
  section.admin = {"/queue/theirs"};
  settings.permissions.push_back(section);
  start();
  const auto purge = [&](const std::string& user, const std::string& name) {
    return post("/api/purge", R"({"destination": ")" + name + "\"}", both(as(user), as_json))
        .status;
  };
  EXPECT_EQ(purge("operator", "/queue/ours"), 403);
  EXPECT_EQ(purge("operator", "/queue/theirs"), 409) << "allowed, but there is none";
  EXPECT_EQ(purge("admin", "/queue/ours"), 409);
}

TEST_F(Api, DoesNothingForPagesOfOthers) {
  start();
  connect().publish("/queue/a", "x");
  const std::string order = R"({"destination": "/queue/a"})";
  EXPECT_EQ(post("/api/purge", order, both(as_json, {{"Origin", "http://evil.example"}})).status,
            403);
  EXPECT_EQ(post("/api/purge", order, {{"Content-Type", "text/plain"}}).status, 415);
  EXPECT_EQ(
      post("/api/purge", order, {{"Content-Type", "application/x-www-form-urlencoded"}}).status,
      415);
  EXPECT_EQ(get("/api/server", {{"Origin", "null"}}).status, 403);
  HttpClient rebound(server->port(1));
  rebound.raw("GET /api/server HTTP/1.1\r\nHost: evil.example:61616\r\n\r\n");
  EXPECT_EQ(rebound.answer().status, 403);
  EXPECT_EQ(server->counts("/queue/a").waiting, 1U);
}

TEST_F(Console, HasTheKeysOfRompAndRightValues) {
  settings.enable_console = true;
  start();
  auto c = connect();
  c.subscribe("/topic/a");
  c.publish("/topic/a", "x");
  const auto rules = json::parse(get("/romp/ngin-config/").body);
  EXPECT_EQ(rules["listen"].size(), 2U);
  const auto numbers = json::parse(get("/romp/ngin-info/").body);
  EXPECT_EQ(numbers["cc"]["sz"], "1");
  EXPECT_EQ(numbers["cc"]["Σµ"], "1");
  EXPECT_TRUE(numbers["proc"].contains("VmRSS"));
  const auto topic = json::parse(get("/romp/destination-info/?destination=%2Ftopic%2Fa").body);
  EXPECT_EQ(topic["sz"], 1);
  EXPECT_EQ(topic["Σ"], 1);
  EXPECT_EQ(topic["Δ"], 1);
  EXPECT_EQ(get("/romp/destination-info/?destination=none").status, 404);
}

TEST_F(Console, IsNotThereUnlessTheOperatorWantsIt) {
  start();
  EXPECT_EQ(get("/romp/ngin-info/").status, 404);
}

}  // namespace
}  // namespace romp::integration
