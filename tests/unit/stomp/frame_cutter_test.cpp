// SPDX-License-Identifier: Apache-2.0
#include "stomp/frame_cutter.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace romp::stomp {
namespace {

using namespace std::string_view_literals;

FirstFrame first_of(const std::vector<std::string_view>& texts) {
  std::vector<iovec> pieces;
  for (const auto text : texts) pieces.push_back({const_cast<char*>(text.data()), text.size()});
  return find_first_frame(pieces);
}

void expect(const FirstFrame& frame, std::size_t octets, bool is_whole, bool is_utf8) {
  EXPECT_EQ(frame.octets, octets);
  EXPECT_EQ(frame.is_whole, is_whole);
  EXPECT_EQ(frame.is_utf8, is_utf8);
}

constexpr auto receipt = "RECEIPT\nreceipt-id:1\n\n\0"sv;
constexpr auto message_frame = "MESSAGE\ndestination:/a\ncontent-length:5\n\nab\0cd\0"sv;

TEST(FrameCutter, FindsTheEndOfAFrameByItsNul) { expect(first_of({receipt}), 23, true, true); }

TEST(FrameCutter, FindsTheEndOfAFrameByItsLength) {
  expect(first_of({message_frame}), message_frame.size(), true, true);
}

TEST(FrameCutter, TakesTheFirstOfSeveral) {
  const std::string both = std::string(receipt) + std::string(message_frame);
  expect(first_of({both}), receipt.size(), true, true);
}

TEST(FrameCutter, ReportsHeartBeatsByThemselves) {
  expect(first_of({"\n\n", receipt}), 2, true, true);
  expect(first_of({"\n"}), 1, true, true);
}

TEST(FrameCutter, DoesNotCareWhereThePiecesEnd) {
  const std::string euro = "MESSAGE\ncontent-length:3\n\n\xe2\x82\xac";
  const std::string whole = euro + std::string("\0", 1) + "RECEIPT";
  for (std::size_t a = 1; a < whole.size(); ++a) {
    for (std::size_t b = a; b < whole.size(); ++b) {
      const std::string_view text(whole);
      const FirstFrame frame = first_of({text.substr(0, a), text.substr(a, b - a), text.substr(b)});
      ASSERT_EQ(frame.octets, euro.size() + 1) << a << " " << b;
      ASSERT_TRUE(frame.is_whole && frame.is_utf8) << a << " " << b;
    }
  }
}

TEST(FrameCutter, TellsBinaryFromText) {
  expect(first_of({"MESSAGE\ncontent-length:2\n\n\xff\xfe\0"sv}), 29, true, false);
  expect(first_of({"MESSAGE\ncontent-length:2\n\n\xe2\x82"sv, "\0"sv}), 29, true, false);
  expect(first_of({"MESSAGE\ncontent-length:2\n\n\xc3"sv, "\xa4\0"sv}), 29, true, true);
  expect(first_of({"MESSAGE\ncontent-length:2\n\n\xc3"sv, "(\0"sv}), 29, true, false);
}

TEST(FrameCutter, KnowsTheLengthOfAFrameWhoseEndIsMissing) {
  expect(first_of({"MESSAGE\ncontent-length:1000\n\nab"sv}), 29 + 1000 + 1, false, false);
  expect(first_of({"MESSAGE\ncontent-length:5\n\nab\0cd"sv}), 26 + 6, false, false);
}

TEST(FrameCutter, ReportsAllOfAFrameWhoseHeadIsMissing) {
  expect(first_of({"MESSAGE\ncontent-"}), 16, false, false);
  expect(first_of({"MESSAGE\n\nab"}), 11, false, false);
}

TEST(FrameCutter, BelievesTheFirstLengthOnly) {
  expect(first_of({"MESSAGE\ncontent-length:1\ncontent-length:9\n\na\0"sv}), 45, true, true);
}

}  // namespace
}  // namespace romp::stomp
