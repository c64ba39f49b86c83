// SPDX-License-Identifier: Apache-2.0
#include "integration/server_test.hpp"
#include "support/http_client.hpp"

namespace romp::integration {
namespace {

using namespace std::chrono_literals;
using support::http_get;
using support::HttpAnswer;
using support::HttpClient;

class Http : public ServerTest {
 protected:
  HttpClient client() const { return HttpClient(server->port()); }
  /// The answer to these octets, after which the server ends the connection.
  HttpAnswer last_answer_to(std::string_view octets) const {
    auto browser = client();
    browser.raw(octets);
    auto answer = browser.answer();
    EXPECT_EQ(answer.header("connection"), "close");
    browser.expect_closed();
    return answer;
  }
};

TEST_F(Http, AnswersHealthChecks) {
  start();
  for (const char* path : {"/health_check", "/healthz", "/readyz"}) {
    const auto answer = http_get(server->port(), path);
    EXPECT_EQ(answer.status, 200) << path;
    EXPECT_EQ(answer.body, "ok\n");
    EXPECT_EQ(answer.header("access-control-allow-origin"), "*");
    EXPECT_THAT(answer.header("server"), testing::StartsWith("romp/"));
  }
}

TEST_F(Http, KeepsTheConnectionForOneRequestAfterTheOther) {
  start();
  auto browser = client();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(browser.get("/healthz").status, 200);
  EXPECT_EQ(browser.get("/nothing").status, 404);
  EXPECT_EQ(browser.get("/healthz", {{"Connection", "close"}}).header("connection"), "close");
  browser.expect_closed();
}

TEST_F(Http, AnswersPipelinedRequestsInOrder) {
  start();
  auto browser = client();
  std::string all;
  for (int i = 0; i < 100; ++i) {
    all += i % 2 == 0 ? "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n"
                      : "POST /no HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc";
  }
  browser.raw(all);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(browser.answer().status, i % 2 == 0 ? 200 : 404) << i;
}

TEST_F(Http, EndsTheConnectionOfHttp10UnlessAskedOtherwise) {
  start();
  auto old = client();
  old.raw("GET /healthz HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old.answer().status, 200);
  old.expect_closed();
  auto kept = client();
  for (int i = 0; i < 2; ++i) {
    kept.raw("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(kept.answer().header("connection"), "keep-alive");
  }
}

TEST_F(Http, AnswersHeadWithoutABody) {
  start();
  auto browser = client();
  browser.send("HEAD", "/healthz");
  const auto answer = browser.answer(true);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-length"), "3");
  EXPECT_EQ(browser.get("/healthz").body, "ok\n") << "the next answer follows at once";
}

TEST_F(Http, NamesTheMethodsThatAreAllowed) {
  start();
  auto browser = client();
  browser.send("PUT", "/healthz", {}, "x");
  auto answer = browser.answer();
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.header("allow"), "GET, HEAD, OPTIONS");
  browser.send("OPTIONS", "/healthz");
  answer = browser.answer();
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.header("allow"), "GET, HEAD, OPTIONS");
  browser.send("TRACE", "/");
  EXPECT_EQ(browser.answer().status, 405);
  browser.send("OPTIONS", "*");
  EXPECT_EQ(browser.answer().status, 204);
}

TEST_F(Http, TakesBodiesInChunks) {
  start();
  auto browser = client();
  browser.raw("POST /no HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
  browser.raw("2;x=y\r\nde\r\n0\r\nTrailer: t\r\n\r\n");
  EXPECT_EQ(browser.answer().status, 404);
  EXPECT_EQ(browser.get("/healthz").status, 200);
}

TEST_F(Http, TellsAClientThatAsksToSendItsBody) {
  start();
  auto browser = client();
  browser.raw("POST /no HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(browser.answer().status, 100);
  browser.raw("abc");
  EXPECT_EQ(browser.answer().status, 404);
}

TEST_F(Http, RefusesWhatCanBeReadInTwoWaysAndEndsTheConnection) {
  start();
  EXPECT_EQ(last_answer_to("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n"
                           "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n")
                .status,
            400);
  EXPECT_EQ(last_answer_to("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n").status, 400);
  EXPECT_EQ(last_answer_to("GET /a/../b HTTP/1.1\r\nHost: a\r\n\r\n").status, 400);
  EXPECT_EQ(last_answer_to("GET / HTTP/1.1\r\nHost: a\r\nX: b\nY: c\r\n\r\n").status, 400);
  EXPECT_EQ(last_answer_to("GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n").status, 400);
  EXPECT_EQ(last_answer_to("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n").status,
            501);
  EXPECT_EQ(last_answer_to("GET / HTTP/3.0\r\nHost: a\r\n\r\n").status, 505);
}

TEST_F(Http, RefusesHeadsThatAreTooLarge) {
  settings.http_max_head = 2048;
  start();
  const std::string line = "X: " + std::string(3000, 'x') + "\r\n";
  EXPECT_EQ(last_answer_to("GET / HTTP/1.1\r\nHost: h\r\n" + line + "\r\n").status, 431);
  EXPECT_EQ(last_answer_to("GET /" + std::string(3000, 'x') + " HTTP/1.1\r\n").status, 431);
}

TEST_F(Http, RefusesBodiesThatAreTooLargeBeforeTheyCome) {
  settings.http_max_body = 1000;
  start();
  EXPECT_EQ(last_answer_to("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\n\r\n").status,
            413);
  EXPECT_EQ(
      last_answer_to("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" +
                     std::string(1001, 'x'))
          .status,
      413);
}

TEST_F(Http, RefusesLinesOfChunksThatNeverEnd) {
  settings.http_max_head = 2048;
  start();
  EXPECT_EQ(last_answer_to("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1;" +
                           std::string(5000, 'x'))
                .status,
            431);
}

TEST_F(Http, RefusesRequestsBeyondTheMemoryForAllOfThem) {
  settings.http_max_memory = 64 * 1024;
  start();
  auto first = client();
  first.raw("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n" +
            std::string(60'000, 'x'));
  EXPECT_TRUE(eventually([&] {
    auto second = client();
    second.raw("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 20000\r\n\r\n" +
               std::string(20'000, 'x'));
    return second.answer().status == 503;
  }));
  first.raw(std::string(1000, 'x'));
  first.socket().close();
  EXPECT_TRUE(eventually([&] { return http_get(server->port(), "/healthz").status == 200; }));
}

TEST_F(Http, EndsSlowHeads) {
  settings.http_head_timeout = 50ms;
  start();
  EXPECT_EQ(last_answer_to("GET / HTTP/1.1\r\nHost: h\r\n").status, 408);
}

TEST_F(Http, EndsSlowBodies) {
  settings.http_body_timeout = 50ms;
  start();
  EXPECT_EQ(last_answer_to("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc").status,
            408);
}

TEST_F(Http, EndsConnectionsThatStayQuiet) {
  settings.http_keep_alive = 50ms;
  start();
  auto browser = client();
  EXPECT_EQ(browser.get("/healthz").status, 200);
  browser.expect_closed();
}

TEST_F(Http, LetsPagesOfListedOriginsReadAnswers) {
  settings.cors_origins = {"https://example.org"};
  start();
  auto browser = client();
  auto answer = browser.get("/nothing", {{"Origin", "https://example.org"}});
  EXPECT_EQ(answer.header("access-control-allow-origin"), "https://example.org");
  EXPECT_EQ(answer.header("vary"), "Origin");
  answer = browser.get("/nothing", {{"Origin", "https://evil.example"}});
  EXPECT_EQ(answer.count("access-control-allow-origin"), 0U);
  browser.send("OPTIONS", "/nothing",
               {{"Origin", "https://example.org"},
                {"Access-Control-Request-Method", "PUT"},
                {"Access-Control-Request-Headers", "content-type"}});
  answer = browser.answer();
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.header("access-control-allow-origin"), "https://example.org");
  EXPECT_EQ(answer.header("access-control-allow-headers"), "content-type");
}

TEST_F(Http, HasSecurityHeadersOnEveryAnswer) {
  start();
  for (const auto& answer : {http_get(server->port(), "/healthz"), http_get(server->port(), "/no"),
                             last_answer_to("GET bad HTTP/1.1\r\nHost: h\r\n\r\n")}) {
    EXPECT_EQ(answer.count("x-content-type-options"), 1U);
    EXPECT_EQ(answer.count("content-security-policy"), 1U);
    EXPECT_EQ(answer.count("date"), 1U);
  }
}

}  // namespace
}  // namespace romp::integration
