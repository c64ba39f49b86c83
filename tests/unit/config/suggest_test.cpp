// SPDX-License-Identifier: Apache-2.0
#include "config/suggest.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace romp::config {
namespace {

constexpr std::array<std::string_view, 3> words{"ports", "login", "passcode"};

TEST(Suggest, CountsInsertionsDeletionsReplacementsAndSwaps) {
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("abc", "abc"), 0U);
  EXPECT_EQ(edit_distance("ports", "port"), 1U);
  EXPECT_EQ(edit_distance("prots", "ports"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(Suggest, NamesTheNearestWord) {
  EXPECT_EQ(nearest("prots", words), "ports");
  EXPECT_EQ(nearest("pass_code", words), "passcode");
}

TEST(Suggest, NamesNothingWhenNoWordIsNear) {
  EXPECT_EQ(nearest("colour", words), "");
  EXPECT_EQ(nearest("", words), "");
  EXPECT_EQ(nearest(std::string(100'000, 'p'), words), "");
}

}  // namespace
}  // namespace romp::config
