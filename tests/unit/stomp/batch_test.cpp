// SPDX-License-Identifier: Apache-2.0
#include "stomp/batch.hpp"

#include <gtest/gtest.h>

#include "stomp/error.hpp"

namespace romp::stomp {
namespace {

using namespace std::string_literals;

const std::string message = "MESSAGE\nmessage-id:1\nx:a\\cb\n\nhello\0"s;

TEST(Batch, HoldsTheFramesThatAreWhole) {
  BatchReader reader{Limits()};
  const auto batch = reader.take(message + "\n" + "RECEIPT\nreceipt-id:r\n\n\0"s + "MESS");
  ASSERT_TRUE(batch);
  ASSERT_EQ(batch->items.size(), 2U);
  EXPECT_EQ(batch->items[0].command, Command::message);
  EXPECT_EQ(batch->items[0].body, "hello");
  EXPECT_EQ(batch->find(batch->items[0], "x"), "a:b");
  EXPECT_EQ(batch->find(batch->items[0], "receipt-id").data(), nullptr);
  EXPECT_EQ(batch->find(batch->items[1], "receipt-id"), "r");
  EXPECT_EQ(reader.kept(), 4U);
}

TEST(Batch, IsTheSameWhereverTheStreamIsCut) {
  const std::string stream = message + message + "\n\n" + message;
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    BatchReader reader{Limits()};
    std::size_t frames = 0;
    for (const auto& part : {stream.substr(0, cut), stream.substr(cut)}) {
      const auto batch = reader.take(part);
      if (!batch) continue;
      for (const auto& item : batch->items) EXPECT_EQ(item.body, "hello") << "cut at " << cut;
      frames += batch->items.size();
    }
    EXPECT_EQ(frames, 3U) << "cut at " << cut;
  }
}

TEST(Batch, TakesNoMoreThanWasAskedFor) {
  BatchReader reader{Limits()};
  EXPECT_EQ(reader.take(message + message, 1)->items.size(), 1U);
  EXPECT_EQ(reader.take({})->items.size(), 1U);
  EXPECT_EQ(reader.take({}), nullptr);
}

TEST(Batch, HoldsLargeBodiesWhole) {
  BatchReader reader{Limits()};
  const std::string body(100'000, 'x');
  EXPECT_EQ(reader.take("MESSAGE\ncontent-length:100000\n\n" + body.substr(0, 70'000)), nullptr);
  const auto batch = reader.take(body.substr(70'000) + '\0');
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->items[0].body, body);
}

TEST(Batch, BeginsAnewAfterAnError) {
  BatchReader reader{Limits()};
  EXPECT_THROW(reader.take("lower\n"), ProtocolError);
  reader.clear();
  EXPECT_EQ(reader.take(message)->items.size(), 1U);
}

}  // namespace
}  // namespace romp::stomp
