// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "hop.hpp"
#include "json.hpp"
#include "lag.hpp"
#include "recent.hpp"
#include "settings.hpp"
#include "xtomp.hpp"

namespace downstream {
namespace {

using testing::ElementsAre;

// ---- lines --------------------------------------------------------------------------------------

std::string problem_of(const std::string& text) {
  try {
    lines_of(text);
  } catch (const std::invalid_argument& wrong) {
    return wrong.what();
  }
  return "none";
}

TEST(Lines, AreReadWithTheBlanksAroundThemLeftOut) {
  const auto lines = lines_of(" /queue/a->/queue/b ,/topic/c.> -> /topic/d.> ,");
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].from, "/queue/a");
  EXPECT_EQ(lines[0].to, "/queue/b");
  EXPECT_EQ(lines[1].to, "/topic/d.>");
  EXPECT_TRUE(lines_of("").empty());
}

TEST(Lines, ThatAreNoneAreNamed) {
  EXPECT_EQ(problem_of("/queue/a"), "'/queue/a' is no line: HERE -> THERE is wanted");
  EXPECT_EQ(problem_of("a -> "), "'a ->' is no line: HERE -> THERE is wanted");
  EXPECT_EQ(problem_of("a -> b -> c"), "'a -> b -> c' is no line: HERE -> THERE is wanted");
  EXPECT_EQ(problem_of("/topic/> -> /queue/a"),
            "'/topic/> -> /queue/a': a wildcard stands on both sides or on none");
}

TEST(Lines, KeepWhatAWildcardStandsFor) {
  const Line line{"/topic/prices.>", "/topic/far.>"};
  EXPECT_EQ(line.target_of("/topic/prices.eur.usd"), "/topic/far.eur.usd");
  EXPECT_EQ((Line{"/queue/a", "/queue/b"}).target_of("/queue/a"), "/queue/b");
}

// ---- lag ----------------------------------------------------------------------------------------

/// Seconds since some time.
Clock::time_point at(int seconds) { return Clock::time_point() + std::chrono::seconds(seconds); }

TEST(QueueAge, IsNothingWhileNothingWaits) {
  QueueAge queue;
  queue.look(at(0), 0, 0);
  queue.look(at(10), 500, 0);
  EXPECT_EQ(queue.age().count(), 0);
}

TEST(QueueAge, IsThatOfTheOldestMessageThatIsLeft) {
  QueueAge queue;
  queue.look(at(0), 0, 0);
  queue.look(at(60), 0, 0);
  queue.look(at(61), 100, 100);  // since 60
  EXPECT_EQ(queue.age().count(), 1);
  queue.look(at(70), 200, 200);
  EXPECT_EQ(queue.age().count(), 10);
  queue.look(at(80), 200, 150);
  EXPECT_EQ(queue.age().count(), 20);
  queue.look(at(90), 200, 100);  // what came until 61 is gone
  EXPECT_EQ(queue.age().count(), 29);
  queue.look(at(91), 200, 0);
  EXPECT_EQ(queue.age().count(), 0);
  queue.look(at(100), 200, 0);
  queue.look(at(101), 201, 1);
  EXPECT_EQ(queue.age().count(), 1);
}

TEST(QueueAge, BeginsWithWhatItHasSeenItself) {
  QueueAge queue;
  queue.look(at(100), 1000, 900);
  EXPECT_EQ(queue.age().count(), 0);
  queue.look(at(105), 1000, 800);
  EXPECT_EQ(queue.age().count(), 5);
}

TEST(QueueAge, BeginsAnewWithAQueueThatWasMadeAnew) {
  QueueAge queue;
  queue.look(at(0), 1000, 1000);
  queue.look(at(50), 10, 10);
  EXPECT_EQ(queue.age().count(), 0);
}

TEST(QueueAge, TakesBoundedMemory) {
  QueueAge queue;
  const int looks = 100'000;
  for (int i = 1; i <= looks; ++i) {
    queue.look(at(i), static_cast<std::uint64_t>(i), static_cast<std::uint64_t>(i));
  }
  EXPECT_LE(queue.marks(), QueueAge::most_marks);
  EXPECT_EQ(queue.age().count(), looks - 1);
}

// ---- hops ---------------------------------------------------------------------------------------

TEST(Via, EndsALoopAndALongWay) {
  EXPECT_EQ(why_dropped("", "me"), "");
  EXPECT_EQ(why_dropped("you,them", "me"), "");
  EXPECT_EQ(why_dropped("you,me,them", "me"), "it has been over this bridge");
  EXPECT_EQ(why_dropped("mean", "me"), "");
  EXPECT_EQ(why_dropped("1,2,3,4,5,6,7", "me"), "");
  EXPECT_EQ(why_dropped("1,2,3,4,5,6,7,8", "me"), "it has been over too many bridges");
}

std::vector<std::string> headers_after(std::vector<romp_header> headers) {
  romp_frame frame{};
  frame.size = sizeof frame;
  frame.headers = headers.data();
  frame.header_count = static_cast<std::uint32_t>(headers.size());
  Hop hop("me");
  hop.begin(romp::frame_view(&frame), "origin-1");
  const romp_message m = hop.message("/queue/b");
  std::vector<std::string> all;
  for (std::uint32_t i = 0; i < m.header_count; ++i) {
    all.push_back(std::string(romp::view(m.headers[i].name)) + "=" +
                  std::string(romp::view(m.headers[i].value)));
  }
  all.push_back("type=" + std::string(romp::view(m.content_type)));
  return all;
}

TEST(Hop, LeavesBehindWhatBelongsToOneHop) {
  EXPECT_THAT(headers_after({{ROMP_STR("destination"), ROMP_STR("/queue/a")},
                             {ROMP_STR("receipt"), ROMP_STR("r")},
                             {ROMP_STR("message-id"), ROMP_STR("1")},
                             {ROMP_STR("ack"), ROMP_STR("1")},
                             {ROMP_STR("subscription"), ROMP_STR("1")},
                             {ROMP_STR("transaction"), ROMP_STR("t")},
                             {ROMP_STR("redelivered"), ROMP_STR("true")},
                             {ROMP_STR("content-length"), ROMP_STR("1")},
                             {ROMP_STR("content-type"), ROMP_STR("text/x")},
                             {ROMP_STR("a"), ROMP_STR("b")}}),
              ElementsAre("a=b", "x-romp-origin-id=origin-1", "x-romp-via=me", "type=text/x"));
}

TEST(Hop, KeepsTheNameAndAddsItselfToTheWay) {
  EXPECT_THAT(headers_after({{ROMP_STR("x-romp-origin-id"), ROMP_STR("first")},
                             {ROMP_STR("x-romp-via"), ROMP_STR("you,them")}}),
              ElementsAre("x-romp-origin-id=first", "x-romp-via=you,them,me", "type="));
}

// ---- xtomp --------------------------------------------------------------------------------------

class Xtomp : public testing::Test {
 protected:
  std::string why(const XtompLimits& limits = {}) {
    romp_message m{};
    m.size = sizeof m;
    m.destination = ROMP_STR("memtop");
    m.body = romp::str(body);
    std::vector<romp_header> raw;
    for (const auto& h : headers) raw.push_back({romp::str(h.first), romp::str(h.second)});
    m.headers = raw.data();
    m.header_count = static_cast<std::uint32_t>(raw.size());
    return why_unfit(m, limits);
  }

  std::vector<std::pair<std::string, std::string>> headers{{"to", "K1"}};
  std::string body = "hello";
};

TEST_F(Xtomp, TakesAnAnswerOfTheUsualKind) {
  headers.emplace_back("correlation-id", "42");
  headers.emplace_back("receipt", "rep-1");
  EXPECT_EQ(why(), "");
}

TEST_F(Xtomp, MustNotGetAHeadOverItsBuffer) {
  // 64 octets, ids of 19 and 10 digits, "memtop", one digit of length: 100. "to:K1\n" and one more.
  headers.emplace_back("x", std::string(91, 'v'));
  EXPECT_EQ(why(), "");
  headers.back().second += 'v';
  EXPECT_EQ(why(), "its head would have 201 bytes, and 200 are allowed");
  EXPECT_EQ(why({1024, 1048576}), "");
}

TEST_F(Xtomp, TakesFiveHeaders) {
  for (const char* name : {"a", "b", "c", "d"}) headers.emplace_back(name, "");
  EXPECT_EQ(why(), "");
  headers.emplace_back("e", "");
  EXPECT_EQ(why(), "6 headers, and 5 are allowed");
}

TEST_F(Xtomp, TakesHeadersOfTwoHundredBytes) {
  headers.emplace_back("x", std::string(198, 'v'));
  EXPECT_EQ(why({1024, 1048576}), "");
  headers.back().second += 'v';
  EXPECT_EQ(why({1024, 1048576}), "header 'x' is over 200 bytes");
}

TEST_F(Xtomp, WouldDropOrMistakeSomeHeaders) {
  const auto why_not = [this](const char* name, const char* value) {
    headers = {{name, value}};
    return why();
  };
  EXPECT_EQ(why_not("session-id", "1"), "header 'session-id' would be dropped");
  EXPECT_EQ(why_not("login", "me"), "header 'login' is not for users");
  EXPECT_EQ(why_not("a:b", "c"), "header 'a:b' is not for users");
  EXPECT_EQ(why_not("a", "b\nto:K2"), "header 'a' has a line end");
}

TEST_F(Xtomp, TakesBodiesUpToItsLimit) {
  body = std::string(10, 'x');
  EXPECT_EQ(why({200, 10}), "");
  EXPECT_EQ(why({200, 9}), "a body of 10 bytes");
}

// ---- recent messages ----------------------------------------------------------------------------

TEST(Recent, KnowsTheLastOnes) {
  Recent recent(2);
  for (const char* name : {"a", "b", "b", "c"}) recent.add(name);
  EXPECT_FALSE(recent.has("a"));
  EXPECT_TRUE(recent.has("b"));
  EXPECT_TRUE(recent.has("c"));
}

// ---- JSON ---------------------------------------------------------------------------------------

TEST(Json, EscapesWhatMustBe) {
  EXPECT_EQ(json_text("a\"b\\c\n\x01"), "\"a\\\"b\\\\c\\u000a\\u0001\"");
}

}  // namespace
}  // namespace downstream
