// SPDX-License-Identifier: Apache-2.0
#include "broker/message.hpp"

#include <gmock/gmock.h>

#include "unit/broker/fakes.hpp"

namespace romp::broker {
namespace {

using testing::ElementsAre;
using testing::Pair;

std::vector<std::pair<std::string, std::string>> headers_of(const Message& message) {
  std::vector<std::pair<std::string, std::string>> list;
  message.each_header([&](std::string_view n, std::string_view v) { list.emplace_back(n, v); });
  return list;
}

TEST(Message, HoldsHeadBodyAndNulInOnePiece) {
  const auto m = message("hello", {{"a", "1"}});
  EXPECT_EQ(m->head(Spelling::v1_2), "destination:/queue/a\na:1\n\n");
  EXPECT_EQ(m->body(), "hello");
  EXPECT_EQ(m->in_one_piece(Spelling::v1_0),
            std::string_view("destination:/queue/a\na:1\n\nhello\0", 32));
}

TEST(Message, KeepsNulsInItsBody) {
  const auto m = message(std::string_view("a\0b", 3));
  EXPECT_EQ(m->body(), std::string_view("a\0b", 3));
}

TEST(Message, FindsTheFirstOfRepeatedHeaders) {
  const auto m = message("", {{"a", "1"}, {"a", "2"}, {"b", "x:y"}, {"empty", ""}});
  EXPECT_EQ(m->header("a"), "1");
  EXPECT_EQ(m->header("b"), "x:y");
  EXPECT_EQ(m->header("empty"), "");
  EXPECT_EQ(m->header("c"), std::nullopt);
  EXPECT_EQ(m->header("A"), std::nullopt);
}

TEST(Message, NamesItsHeadersInOrder) {
  const auto m = message("", {{"b", "1"}, {"a", "2"}});
  EXPECT_THAT(headers_of(*m),
              ElementsAre(Pair("destination", "/queue/a"), Pair("b", "1"), Pair("a", "2")));
}

TEST(Message, HasAHeadForEverySpellingWhereTheyDiffer) {
  auto m = message("body", {{"a", "x\\ny"}});
  m->respelled = std::make_unique<Message::Respelled>();
  m->respelled->v1_0 = "a:one\n\n";
  m->respelled->v1_1 = "a:two\n\n";
  m->respelled->raw = std::string("a\0x\ny\0", 6);
  EXPECT_EQ(m->head(Spelling::v1_0), "a:one\n\n");
  EXPECT_EQ(m->head(Spelling::v1_1), "a:two\n\n");
  EXPECT_EQ(m->header("a"), "x\ny");
  EXPECT_EQ(m->in_one_piece(Spelling::v1_1), "");
  EXPECT_NE(m->in_one_piece(Spelling::v1_2), "");
}

TEST(Message, SharesALargeBodyWithItsOwner) {
  auto body = Body::make(3);
  std::string_view("abc").copy(body->octets(), 3);
  const std::string_view octets(body->octets(), body->size());
  const auto m = Message::make(1, octets, body);
  m->mutable_head()[0] = '\n';
  EXPECT_EQ(m->body().data(), octets.data());
  EXPECT_EQ(m->body().data()[3], '\0');
  EXPECT_EQ(m->in_one_piece(Spelling::v1_2), "");
  EXPECT_THAT(headers_of(*m), ElementsAre());
}

TEST(Message, ExpiresAtItsTimeAndWithoutOneNever) {
  EXPECT_FALSE(message_until(0, "")->expired(std::numeric_limits<std::int64_t>::max()));
  EXPECT_FALSE(message_until(100, "")->expired(99));
  EXPECT_TRUE(message_until(100, "")->expired(100));
}

TEST(Message, CountsHeadAndBodyAsItsFootprint) {
  EXPECT_EQ(message("1234567890")->footprint(), message("")->footprint() + 10);
  EXPECT_GT(message("")->footprint(), sizeof(Message));
}

}  // namespace
}  // namespace romp::broker
