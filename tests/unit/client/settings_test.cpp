// SPDX-License-Identifier: Apache-2.0
#include "client/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace romp::client {
namespace {

std::vector<std::string> read(std::string_view text, std::string& why) {
  std::vector<std::string> all;
  for (const auto& address : addresses_of(text, why)) {
    all.push_back(address.host + " " + address.port);
    EXPECT_FALSE(address.text().empty());
  }
  return all;
}

TEST(Addresses, AreNamesOrNumbersWithAPort) {
  std::string why;
  EXPECT_THAT(read("edge-1:61613, 127.0.0.1:1,[::1]:65535", why),
              testing::ElementsAre("edge-1 61613", "127.0.0.1 1", "::1 65535"));
  EXPECT_EQ(why, "");
  EXPECT_EQ((Address{"::1", "7"}).text(), "[::1]:7");
}

TEST(Addresses, ThatAreNoneAreNamed) {
  for (const char* wrong : {"", "edge", "edge:", ":1", "edge:0", "edge:65536", "edge:http", "a b:1",
                            "::1:61613", "edge:99999999999999999999"}) {
    std::string why;
    EXPECT_TRUE(addresses_of("good:1," + std::string(wrong), why).empty()) << wrong;
    EXPECT_EQ(why, "\"" + std::string(wrong) + "\" is no address: host:port is wanted");
  }
}

}  // namespace
}  // namespace romp::client
