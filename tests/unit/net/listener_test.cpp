// SPDX-License-Identifier: Apache-2.0
#include "net/listener.hpp"

#include <gtest/gtest.h>

namespace romp::net {
namespace {

TEST(Place, IsWrittenAsAClientWouldWriteIt) {
  EXPECT_EQ(place_of("127.0.0.1", 61613), "127.0.0.1:61613");
  EXPECT_EQ(place_of("::", 443), "[::]:443");
}

}  // namespace
}  // namespace romp::net
