// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <map>

#include "integration/server_test.hpp"
#include "support/http_client.hpp"
#include "support/temporary_directory.hpp"

namespace romp::integration {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using support::http_get;
using support::HttpClient;

/// A broker with plugins that answer HTTP.
class PluginsHttp : public ServerTest {
 protected:
  void plugin(const std::string& file, const std::map<std::string, std::string>& keys = {}) {
    const fs::path from = fs::path(ROMP_PLUGIN_DIRS) / file;
    fs::copy_file(from, directory.path() / from.filename());
    fs::permissions(directory.path() / from.filename(), fs::perms(0644));
    config::PluginSettings section;
    section.name = from.stem();
    for (const auto& [key, value] : keys) section.values[key] = {value, "test.ini", 1};
    settings.plugins.push_back(section);
    settings.plugin_dir = directory.path();
  }
  support::HttpAnswer get(std::string_view target) { return http_get(server->port(), target); }

  support::TemporaryDirectory directory;
};

TEST_F(PluginsHttp, AnswerABrowser) {
  plugin("plugins/hello.so");
  start();
  HttpClient browser(server->port());
  auto answer = browser.get("/hello?name=Ann");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "Hello, Ann\n");
  EXPECT_EQ(answer.header("content-type"), "text/plain;charset=utf-8");
  browser.send("HEAD", "/hello");
  EXPECT_EQ(browser.answer(true).header("content-length"), "13");
  browser.send("POST", "/hello", {}, "x");
  answer = browser.answer();
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.header("allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(browser.get("/hello").status, 200) << "on one connection";
}

TEST_F(PluginsHttp, TakeBodies) {
  plugin("test-plugins/web.so");
  start();
  HttpClient browser(server->port());
  const std::string body(300'000, '\x01');
  browser.send("PUT", "/echo", {}, body);
  const auto answer = browser.answer();
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.header("x-method"), "PUT");
  EXPECT_TRUE(answer.body == body);
}

TEST_F(PluginsHttp, AnswerLaterFromAnotherThread) {
  plugin("test-plugins/web.so");
  start();
  HttpClient browser(server->port());
  browser.raw("GET /later HTTP/1.1\r\nHost: h\r\n\r\nGET /healthz HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(browser.answer().body, "later, /later");
  EXPECT_EQ(browser.answer().body, "ok\n") << "in order";
}

TEST_F(PluginsHttp, LeaveARequestToTheNextFilterLater) {
  plugin("test-plugins/web.so");
  start();
  EXPECT_EQ(get("/pass").body, "the next one");
}

TEST_F(PluginsHttp, ThatNeverAnswerAreAnsweredFor) {
  plugin("test-plugins/web.so");
  settings.defer_timeout = 50ms;
  start();
  HttpClient browser(server->port());
  EXPECT_EQ(browser.get("/never").status, 504);
  EXPECT_EQ(browser.get("/healthz").status, 200);
  EXPECT_EQ(browser.get("/forgotten").status, 500);
  EXPECT_EQ(browser.get("/throws").status, 500);
  EXPECT_EQ(browser.get("/healthz").status, 200);
}

TEST_F(PluginsHttp, MayHoldRequestsOfClientsThatHaveGoneAndOfABrokerThatEnds) {
  plugin("test-plugins/web.so");
  start();
  {
    HttpClient gone(server->port());
    gone.send("GET", "/never");
    ASSERT_TRUE(eventually([&] { return server->connections() == 1; }));
  }
  HttpClient waiting(server->port());
  waiting.send("GET", "/never");
  EXPECT_EQ(get("/healthz").status, 200);
  server.reset();
}

TEST_F(PluginsHttp, AnswerWithLargeBodiesToSlowReaders) {
  plugin("test-plugins/web.so");
  start();
  HttpClient browser(server->port());
  browser.send("GET", "/large");
  browser.send("GET", "/large");
  EXPECT_EQ(get("/healthz").status, 200) << "others are not held up";
  EXPECT_EQ(browser.answer().body.size(), 5'000'000U);
  EXPECT_EQ(browser.answer().body.size(), 5'000'000U);
}

TEST_F(PluginsHttp, PublishWhatABrowserPosts) {
  plugin("test-plugins/web.so");
  start();
  auto client = connect();
  client.subscribe("/topic/web");
  client.round_trip();
  HttpClient browser(server->port());
  browser.send("POST", "/publish", {}, "from the web");
  EXPECT_EQ(browser.answer().status, 204);
  EXPECT_EQ(client.message().body, "from the web");
}

TEST_F(PluginsHttp, ServeTheFilesOfAFolder) {
  plugin("plugins/files.so", {{"root", ROMP_WEB_ROOT}});
  start();
  HttpClient browser(server->port());
  const auto page = browser.get("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.header("content-type"), "text/html;charset=utf-8");
  EXPECT_THAT(page.header("content-security-policy"), HasSubstr("script-src 'self'"));
  EXPECT_EQ(browser.get("/", {{"If-None-Match", page.header("etag")}}).status, 304);
  const auto part = browser.get("/style.css", {{"Range", "bytes=0-9"}});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body.size(), 10U);
  browser.send("HEAD", "/stomp.js");
  const auto head = browser.answer(true);
  EXPECT_EQ(head.header("content-length"),
            std::to_string(fs::file_size(fs::path(ROMP_WEB_ROOT) / "stomp.js")));
  EXPECT_EQ(browser.get("/healthz").body, "ok\n") << "what is no file is for others";
  EXPECT_EQ(browser.get("/nothing").status, 404);
}

TEST_F(PluginsHttp, AreCountedOnTheMetricsPage) {
  plugin("plugins/hello.so");
  config::ListenerSettings admin;
  admin.name = "admin";
  admin.admin = true;
  settings.listeners.push_back(admin);
  start();
  get("/hello");
  EXPECT_THAT(http_get(server->port(1), "/metrics").body,
              HasSubstr("\nromp_filter_calls_total{plugin=\"hello\",filter=\"filter-1\"} 1\n"));
}

}  // namespace
}  // namespace romp::integration
