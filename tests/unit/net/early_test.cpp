// SPDX-License-Identifier: Apache-2.0
#include "net/early.hpp"

#include <gtest/gtest.h>

#include <array>

namespace romp::net {
namespace {

TEST(Early, IsReadInPiecesAndOverwrittenWhereItLay) {
  std::string text = "login:ann passcode:hunter2 and the rest of it";
  const char* const lay = text.data();
  const std::size_t size = text.size();
  std::array<char, 27> into;
  const iovec room{into.data(), into.size()};
  Early early;
  early.put_back(std::move(text));
  EXPECT_EQ(early.read({&room, 1}), 27U);
  EXPECT_EQ(std::string(into.begin(), into.end()), "login:ann passcode:hunter2 ");
  EXPECT_EQ(std::string(lay, size), "and the rest of it" + std::string(27, '\0'));
  EXPECT_EQ(early.read({&room, 1}), 18U);
  EXPECT_EQ(std::string(into.data(), 18), "and the rest of it");
  EXPECT_TRUE(early.empty());
}

TEST(Early, ComesBeforeWhatIsThereAlready) {
  std::array<char, 8> into;
  const iovec room{into.data(), into.size()};
  Early early;
  early.put_back("later");
  early.put_back("now");
  EXPECT_EQ(early.read({&room, 1}), 8U);
  EXPECT_EQ(std::string(into.begin(), into.end()), "nowlater");
}

}  // namespace
}  // namespace romp::net
