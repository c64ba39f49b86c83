// SPDX-License-Identifier: Apache-2.0
#include "stomp/negotiation.hpp"

#include <gtest/gtest.h>

#include <string>

#include "stomp/error.hpp"

namespace romp::stomp {
namespace {

TEST(ChooseVersion, Is10WithoutAList) { EXPECT_EQ(choose_version({}), Version::v1_0); }

TEST(ChooseVersion, TakesTheHighestWhereverItStands) {
  const std::pair<const char*, Version> lists[] = {
      {"1.0", Version::v1_0},         {"1.1", Version::v1_1},
      {"1.2", Version::v1_2},         {"1.0,1.1,1.2", Version::v1_2},
      {"1.2,1.1,1.0", Version::v1_2}, {"1.1,1.0", Version::v1_1},
      {"1.0,1.2,1.1", Version::v1_2}, {"1.1,1.1", Version::v1_1},
      {" 1.0 , 1.2 ", Version::v1_2}, {"1.1,", Version::v1_1},
      {",,1.0", Version::v1_0},
  };
  for (const auto& [list, version] : lists) EXPECT_EQ(choose_version(list), version) << list;
}

TEST(ChooseVersion, PassesOverVersionsItDoesNotKnow) {
  EXPECT_EQ(choose_version("1.0,1.1,2.0"), Version::v1_1);
  EXPECT_EQ(choose_version("9.9,1.0"), Version::v1_0);
  EXPECT_EQ(choose_version("1.3,banana,1.2"), Version::v1_2);
}

TEST(ChooseVersion, FindsNothingInVersionsThatOnlyLookLikeOurs) {
  for (const char* list : {"", " ", ",", "1.20", "11.1", "1.2.1", "1", "1.", ".2", "v1.2", "1,2",
                           "1.2;1.1", "1.2 1.1", "2.0", "1.02", "+1.2", "1.2\t"}) {
    EXPECT_EQ(choose_version(list), std::nullopt) << list;
  }
}

constexpr HeartBeatLimits limits{milliseconds(120'000), milliseconds(500), milliseconds(180'000)};

std::string connected(const HeartBeat& beat) {
  return std::to_string(beat.offered.count()) + "," + std::to_string(beat.wanted.count());
}

TEST(HeartBeat, IsSilentWithoutAHeader) {
  const HeartBeat beat = negotiate({}, limits);
  EXPECT_EQ(connected(beat), "0,0");
  EXPECT_EQ(beat.we_send, milliseconds(0));
  EXPECT_EQ(beat.they_send, milliseconds(0));
}

struct Row {
  const char* client;     ///< cx,cy
  const char* connected;  ///< sx,sy
  int we_send;
  int they_send;
};

void expect_rows(std::initializer_list<Row> rows, const HeartBeatLimits& within) {
  for (const Row& row : rows) {
    const HeartBeat beat = negotiate(row.client, within);
    EXPECT_EQ(connected(beat), row.connected) << row.client;
    EXPECT_EQ(beat.we_send, milliseconds(row.we_send)) << row.client;
    EXPECT_EQ(beat.they_send, milliseconds(row.they_send)) << row.client;
  }
}

TEST(HeartBeat, MirrorsTheClientWithinTheLimits) {
  expect_rows({{"0,0", "0,0", 0, 0},
               {"10000,0", "0,10000", 0, 10'000},
               {"0,10000", "10000,0", 10'000, 0},
               {"1500,2500", "2500,1500", 2500, 1500},
               {" 1500 , 2500 ", "2500,1500", 2500, 1500}},
              limits);
}

TEST(HeartBeat, IsNeverFasterThanTheLimit) {
  expect_rows({{"1,1", "500,500", 500, 500}, {"499,501", "501,500", 501, 500}}, limits);
}

TEST(HeartBeat, AsksForTheSlowestItAllowsWhereAClientIsSlower) {
  expect_rows({{"500000,500000", "180000,120000", 500'000, 500'000}}, limits);
}

TEST(HeartBeat, TakesANumberThatIsTooLargeForTheLargest) {
  const HeartBeat beat = negotiate("99999999999999999999,4294967296", limits);
  EXPECT_EQ(connected(beat), "180000,120000");
  EXPECT_EQ(beat.they_send, milliseconds(4294967295));
  EXPECT_EQ(beat.give_up_after(), milliseconds(2 * 4294967295));
}

TEST(HeartBeat, IsSilentInTheDirectionTheOperatorSwitchedOff) {
  HeartBeatLimits no_read = limits;
  no_read.read = milliseconds(0);
  expect_rows({{"1000,1000", "1000,0", 1000, 0}}, no_read);
  HeartBeatLimits no_write = limits;
  no_write.write_max = milliseconds(0);
  expect_rows({{"1000,1000", "0,1000", 0, 1000}}, no_write);
}

TEST(HeartBeat, KeepsToTheSlowestWhereTheFastestIsSlowerStill) {
  constexpr HeartBeatLimits odd{milliseconds(100), milliseconds(500), milliseconds(200)};
  expect_rows({{"10,10", "200,100", 200, 100}}, odd);
}

TEST(HeartBeat, IsRefusedUnlessItIsTwoNumbers) {
  for (const char* header : {"", ",", "1", "1,", ",1", "1,2,3", "a,b", "-1,500", "500,-1", "1.5,2",
                             "+1,2", "1;2", "0x1,0", "1 2,3", "1,2x"}) {
    EXPECT_THROW(negotiate(header, limits), ProtocolError) << header;
  }
}

TEST(HeartBeat, IsQuotedWhenItIsRefused) {
  try {
    negotiate("-1,500", limits);
    FAIL();
  } catch (const ProtocolError& error) {
    EXPECT_STREQ(error.what(), "bad heart-beat");
    EXPECT_EQ(error.detail(), "heart-beat must be two numbers of milliseconds, not \"-1,500\"");
  }
}

TEST(HeartBeat, IsSentEarlyAndWaitedForPatiently) {
  const HeartBeat beat = negotiate("1000,3000", limits);
  EXPECT_EQ(beat.send_after(), milliseconds(1500));
  EXPECT_EQ(beat.give_up_after(), milliseconds(2000));
}

}  // namespace
}  // namespace romp::stomp
