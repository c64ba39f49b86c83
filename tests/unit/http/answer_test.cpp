// SPDX-License-Identifier: Apache-2.0
#include "http/answer.hpp"

#include <gmock/gmock.h>

namespace romp::http {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const Wire usual{11, true, false, "romp/1.0", {}};

TEST(Answer, HasOneContentLengthAndNotOneOctetMore) {
  const std::string text = render(text_answer(404, "nothing"), usual);
  EXPECT_THAT(text, StartsWith("HTTP/1.1 404 Not Found\r\nServer: romp/1.0\r\nDate: "));
  EXPECT_THAT(text, HasSubstr("\r\nContent-Length: 8\r\n"));
  EXPECT_THAT(text, EndsWith("\r\n\r\nnothing\n"));
}

TEST(Answer, ToHeadIsTheSameWithoutTheBody) {
  Wire head = usual;
  head.without_body = true;
  const std::string text = render(text_answer(200, "body"), head);
  EXPECT_THAT(text, HasSubstr("\r\nContent-Length: 5\r\n"));
  EXPECT_THAT(text, EndsWith("\r\n\r\n"));
}

TEST(Answer, WithoutContentHasNoLength) {
  Answer answer;
  answer.status = 204;
  EXPECT_THAT(render(answer, usual), Not(HasSubstr("Content-Length")));
  answer.status = 304;
  EXPECT_THAT(render(answer, usual), Not(HasSubstr("Content-Length")));
  answer.status = 200;
  EXPECT_THAT(render(answer, usual), HasSubstr("Content-Length: 0\r\n"));
}

TEST(Answer, SaysWhatTheConnectionDoesWhereItMust) {
  Wire wire = usual;
  EXPECT_THAT(render(text_answer(200, "a"), wire), Not(HasSubstr("Connection:")));
  EXPECT_THAT(render(last_answer(400, "a"), wire), HasSubstr("\r\nConnection: close\r\n"));
  wire.keep_alive = false;
  EXPECT_THAT(render(text_answer(200, "a"), wire), HasSubstr("\r\nConnection: close\r\n"));
  wire.keep_alive = true;
  wire.version = 10;
  EXPECT_THAT(render(text_answer(200, "a"), wire), HasSubstr("\r\nConnection: keep-alive\r\n"));
}

TEST(Answer, KeepsBrowsersFromDoingMoreThanShowingIt) {
  const std::string text = render(text_answer(200, "a"), usual);
  EXPECT_THAT(text, HasSubstr("X-Content-Type-Options: nosniff\r\n"));
  EXPECT_THAT(text, HasSubstr("Content-Security-Policy: default-src 'none'"));
}

TEST(Answer, LetsAFilterSaySomethingElse) {
  Answer answer = text_answer(200, "a");
  answer.headers.emplace_back("content-security-policy", "default-src 'self'");
  const std::string text = render(answer, usual);
  EXPECT_THAT(text, HasSubstr("content-security-policy: default-src 'self'\r\n"));
  EXPECT_THAT(text, Not(HasSubstr("'none'")));
}

TEST(Answer, NamesWhoMayReadIt) {
  Wire wire = usual;
  EXPECT_THAT(render(text_answer(200, "a"), wire), Not(HasSubstr("Access-Control")));
  wire.cors_origin = "https://example.org";
  EXPECT_THAT(render(text_answer(200, "a"), wire),
              HasSubstr("Access-Control-Allow-Origin: https://example.org\r\nVary: Origin\r\n"));
  wire.cors_origin = "*";
  EXPECT_THAT(render(text_answer(200, "a"), wire), Not(HasSubstr("Vary")));
}

}  // namespace
}  // namespace romp::http
