// SPDX-License-Identifier: Apache-2.0
#include "http/origin.hpp"

#include <gmock/gmock.h>

namespace romp::http {
namespace {

const std::vector<std::string> nobody;
const std::vector<std::string> some{"https://example.org", "http://localhost:3000"};
const std::vector<std::string> everybody{"*"};

TEST(Origin, OfTheSameHostMayOpenAWebSocket) {
  EXPECT_TRUE(may_open_websocket("http://localhost:8080", "localhost:8080", nobody));
  EXPECT_TRUE(may_open_websocket("http://LOCALHOST:8080", "localhost:8080", nobody));
  EXPECT_TRUE(may_open_websocket("https://example.org", "example.org", nobody));
  EXPECT_TRUE(may_open_websocket("https://example.org", "example.org:443", nobody));
  EXPECT_TRUE(may_open_websocket("http://example.org:80", "example.org", nobody));
}

TEST(Origin, OfAnotherHostOrPortMayNot) {
  EXPECT_FALSE(may_open_websocket("http://evil.example", "localhost:8080", nobody));
  EXPECT_FALSE(may_open_websocket("http://localhost:8081", "localhost:8080", nobody));
  EXPECT_FALSE(may_open_websocket("http://localhost", "localhost:8080", nobody));
  EXPECT_FALSE(may_open_websocket("http://localhost:8080.evil.example", "localhost:8080", nobody));
  EXPECT_FALSE(may_open_websocket("null", "localhost:8080", nobody));
  EXPECT_FALSE(may_open_websocket("localhost:8080", "localhost:8080", nobody));
}

TEST(Origin, IsOnlyAskedOfBrowsers) { EXPECT_TRUE(may_open_websocket("", "x", some)); }

TEST(Origin, MustBeOnTheListWhereThereIsOne) {
  EXPECT_TRUE(may_open_websocket("https://example.org", "x", some));
  EXPECT_FALSE(may_open_websocket("https://example.org.evil.example", "x", some));
  EXPECT_FALSE(may_open_websocket("http://x", "x", some)) << "the list replaces the rule";
  EXPECT_TRUE(may_open_websocket("http://anybody", "x", everybody));
}

TEST(Origin, IsAnsweredFromTheListAndNeverRepeated) {
  const std::string origin = "HTTPS://example.org";
  const auto answer = cors_origin_for(origin, some);
  EXPECT_EQ(answer, "https://example.org");
  EXPECT_EQ(answer.data(), some.front().data());
  EXPECT_EQ(cors_origin_for("https://evil.example", some), "");
  EXPECT_EQ(cors_origin_for("https://evil.example", everybody), "*");
  EXPECT_EQ(cors_origin_for("https://evil.example", nobody), "");
  EXPECT_EQ(cors_origin_for("", everybody), "");
}

}  // namespace
}  // namespace romp::http
