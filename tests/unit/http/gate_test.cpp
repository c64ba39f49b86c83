// SPDX-License-Identifier: Apache-2.0
#include "http/gate.hpp"

#include <gmock/gmock.h>

#include "unit/http/requests.hpp"

namespace romp::http {
namespace {

using namespace std::string_literals;
using testing::StartsWith;

std::string get(const std::string& target, const std::string& more = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + more + "\r\n";
}

std::string post(const std::string& more) {
  return "POST / HTTP/1.1\r\nHost: localhost\r\n" + more + "\r\n";
}

TEST(Gate, TakesPlainRequests) {
  EXPECT_EQ(refusal_for(get("/")), "");
  EXPECT_EQ(refusal_for(get("/a/b.c?d=../e")), "");
  EXPECT_EQ(refusal_for(get("/%C3%A4%20b")), "");
  EXPECT_EQ(refusal_for("GET / HTTP/1.0\r\n\r\n"), "");
  EXPECT_EQ(refusal_for("OPTIONS * HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n"), "");
  EXPECT_EQ(refusal_for(post("Transfer-Encoding: chunked\r\n")), "");
}

TEST(Gate, TakesTheAbsoluteForm) {
  EXPECT_EQ(refusal_for(get("http://localhost/a?b")), "");
  const auto target = split_target("http://localhost/a?b");
  EXPECT_EQ(target.path, "/a");
  EXPECT_EQ(target.query, "b");
  EXPECT_EQ(split_target("HTTPS://localhost:1/a").path, "/a");
  EXPECT_EQ(split_target("http://localhost").path, "/");
  EXPECT_EQ(split_target("http://localhost?x").query, "x");
  EXPECT_FALSE(split_target("/a").query);
}

TEST(Gate, WantsExactlyOneHost) {
  EXPECT_EQ(refusal_for("GET / HTTP/1.1\r\n\r\n"), "400 the Host header is missing");
  EXPECT_EQ(refusal_for(get("/", "Host: b\r\n")), "400 there is more than one Host header");
  EXPECT_EQ(refusal_for("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
            "400 the Host header is not a host");
  EXPECT_EQ(refusal_for("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
            "400 the Host header is not a host");
}

std::string refusal_of_host_named(const std::string& host) {
  const auto head = parsed("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
  const auto refusal = refusal_of_name(head, {"broker.example", "b"});
  return refusal ? std::to_string(refusal->status) + " " + std::string(refusal->why) : "";
}

TEST(Gate, KnowsTheNamesThatTheServerGoesBy) {
  for (const char* host : {"broker.example", "Broker.Example:8080", "b", "broker.example."}) {
    EXPECT_EQ(refusal_of_host_named(host), "") << host;
  }
  for (const char* host : {"localhost:1", "127.0.0.1", "10.1.2.3:80", "[::1]", "[::1]:80"}) {
    EXPECT_EQ(refusal_of_host_named(host), "") << host << " cannot be made to point elsewhere";
  }
  for (const char* host : {"evil.example", "sub.broker.example", "broker.example.evil", "1.2.3"}) {
    EXPECT_EQ(refusal_of_host_named(host), "421 this server does not go by that name") << host;
  }
  EXPECT_FALSE(refusal_of_name(parsed("GET / HTTP/1.1\r\nHost: evil\r\n\r\n"), {}));
  EXPECT_FALSE(refusal_of_name(parsed("GET / HTTP/1.0\r\n\r\n"), {"b"})) << "is no browser";
}

TEST(Gate, RefusesWhatFramesABodyTwice) {
  EXPECT_THAT(refusal_for(post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n")),
              StartsWith("400"));
  EXPECT_THAT(refusal_for(post("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n")),
              StartsWith("400"));
  EXPECT_THAT(refusal_for(post("Content-Length: 3\r\nContent-Length: 4\r\n")), StartsWith("400"));
  EXPECT_THAT(refusal_for(post("Content-Length: 3\r\nContent-Length: 3\r\n")), StartsWith("400"));
  EXPECT_THAT(refusal_for(post("Content-Length: +3\r\n")), StartsWith("400"));
  EXPECT_THAT(refusal_for(post("Content-Length: -3\r\n")), StartsWith("400"));
  EXPECT_THAT(refusal_for(post("Content-Length: 3, 3\r\n")), StartsWith("400"));
  EXPECT_THAT(refusal_for(post("Content-Length: 0x3\r\n")), StartsWith("400"));
}

TEST(Gate, TakesNoTransferEncodingButChunkedOfHttp11) {
  EXPECT_EQ(refusal_for("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"),
            "400 Transfer-Encoding belongs to HTTP/1.1");
  EXPECT_EQ(refusal_for(post("Transfer-Encoding: gzip\r\n")),
            "501 the only Transfer-Encoding is chunked");
  EXPECT_EQ(refusal_for(post("Transfer-Encoding: gzip, chunked\r\n")),
            "501 the only Transfer-Encoding is chunked");
  EXPECT_THAT(refusal_for(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")),
              testing::AnyOf(StartsWith("400"), StartsWith("501")));
  EXPECT_THAT(refusal_for(post("Transfer-Encoding: xchunked\r\n")), StartsWith("501"));
  EXPECT_THAT(refusal_for(post("Transfer-Encoding : chunked\r\n")), StartsWith("400"));
}

TEST(Gate, RefusesLinesThatOthersMightReadInAnotherWay) {
  EXPECT_NE(refusal_for("GET / HTTP/1.1\nHost: a\n\n"), "");
  EXPECT_THAT(refusal_for("GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n"), StartsWith("400"));
  EXPECT_THAT(refusal_for("GET / HTTP/1.1\r\nHost : a\r\n\r\n"), StartsWith("400"));
  EXPECT_THAT(refusal_for("GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n"), StartsWith("400"));
  EXPECT_THAT(refusal_for("GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n"s), StartsWith("400"));
}

TEST(Gate, SeesHeadersThatGoOnInTheNextLine) {
  EXPECT_TRUE(has_folded_line("GET / HTTP/1.1\r\nX: b\r\n c\r\n\r\n"));
  EXPECT_TRUE(has_folded_line("GET / HTTP/1.1\r\n\tX: b\r\n\r\n"));
  EXPECT_FALSE(has_folded_line("GET / HTTP/1.1\r\nX: b\r\n\r\n a body"));
  EXPECT_FALSE(has_folded_line("GET / HTTP/1.1\r\nX: b\r\n")) << "not whole yet";
}

TEST(Gate, RefusesEveryWayOutOfAFolder) {
  for (const char* path :
       {"/..", "/../a", "/a/../b", "/./a", "/a/.", "/%2e%2e/a", "/.%2E", "/a/%2e"}) {
    EXPECT_EQ(refusal_for(get(path)), "400 the path has a dot segment") << path;
  }
  for (const char* path : {"/a%2fb", "/a%2Fb", "/a%5cb", "/a%00", "/%zz", "/%2", "/%"}) {
    EXPECT_EQ(refusal_for(get(path)),
              "400 the path has a bad escape, or one of a slash, a backslash or NUL")
        << path;
  }
  EXPECT_EQ(refusal_for(get("/a\\..\\b")), "400 the path has a backslash");
  EXPECT_EQ(refusal_for(get("/...")), "") << "three dots are a name";
  EXPECT_EQ(refusal_for(get("/.well-known/x")), "");
}

TEST(Gate, RefusesTargetsThatAreNoPath) {
  EXPECT_EQ(refusal_for(get("a")), "400 the path does not begin with a slash");
  EXPECT_EQ(refusal_for(get("*")), "400 the path does not begin with a slash");
  EXPECT_EQ(refusal_for(get("/a#b")), "400 the target has a fragment");
  EXPECT_EQ(refusal_for(get("ftp://localhost/")), "400 the path does not begin with a slash");
  EXPECT_THAT(refusal_for(get("/\xc3\xa4")), StartsWith("400"));
}

TEST(Gate, KnowsTwoVersions) {
  EXPECT_EQ(refusal_for("GET / HTTP/1.2\r\nHost: a\r\n\r\n"),
            "505 the versions are HTTP/1.1 and HTTP/1.0");
  EXPECT_THAT(refusal_for("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), StartsWith("505"));
  EXPECT_THAT(refusal_for("GET /\r\n\r\n"), StartsWith("400"));
}

TEST(Gate, KnowsOneExpectation) {
  EXPECT_EQ(refusal_for(post("Expect: 100-continue\r\nContent-Length: 1\r\n")), "");
  EXPECT_EQ(refusal_for(post("Expect: a miracle\r\nContent-Length: 1\r\n")),
            "417 the only expectation is 100-continue");
}

}  // namespace
}  // namespace romp::http
