// SPDX-License-Identifier: Apache-2.0
// STOMP 1.2, "Heart-beating".
#include "conformance/server_test.hpp"

namespace romp::conformance {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

config::Settings quick_beats() {
  auto settings = support::test_settings();
  settings.heart_beat_write_min = 10ms;
  return settings;
}

/// With beats as short as a test needs them.
class HeartBeats : public testing::Test {
 protected:
  StompClient connect(const std::string& beats, std::string_view version = "1.2") {
    return server.connect(version, {{"heart-beat", beats}});
  }

  TestServer server{quick_beats()};
};

struct Agreement {
  std::string asked;
  std::string answered;
};

class DefaultHeartBeats : public ServerTest, public testing::WithParamInterface<Agreement> {};
class BadHeartBeat : public ServerTest, public testing::WithParamInterface<std::string> {};

TEST_P(DefaultHeartBeats, AreAnsweredWithWhatTheServerDoes) {
  auto c = client();
  EXPECT_EQ(c.connect("1.2", {{"heart-beat", GetParam().asked}}).header("heart-beat"),
            GetParam().answered);
}

/// heart-beat:cx,cy is answered by sx,sy: the server can send every sx and wants every sy. The
/// defaults promise between half a second and three minutes and ask for at most two minutes.
INSTANTIATE_TEST_SUITE_P(HeartBeats, DefaultHeartBeats,
                         testing::Values(Agreement{"0,0", "0,0"}, Agreement{"0,1000", "1000,0"},
                                         Agreement{"1000,0", "0,1000"},
                                         Agreement{"2000,3000", "3000,2000"},
                                         Agreement{"1,1", "500,500"},
                                         Agreement{"600000,600000", "180000,120000"},
                                         Agreement{"1000, 2000", "2000,1000"}));

TEST_P(BadHeartBeat, IsAnError) {
  auto c = client();
  c.send("CONNECT", {{"accept-version", "1.2"}, {"host", "h"}, {"heart-beat", GetParam()}});
  c.expect_error("bad heart-beat");
}

INSTANTIATE_TEST_SUITE_P(HeartBeats, BadHeartBeat,
                         testing::Values("a,b", "1000", "-1,500", "500,-1", "1,2,3", "1.5,2", ","));

TEST_F(HeartBeats, ThatNobodyAskedForAreNotSent) {
  auto without = server.connect();
  auto zero = connect("0,0");
  zero.nothing_comes(150ms);
  without.nothing_comes(1ms);
  EXPECT_EQ(zero.beats() + without.beats(), 0U);
}

/// A client gives up when it hears nothing for the interval, so the server has to be early.
TEST_F(HeartBeats, ComeEarlierThanPromised) {
  auto c = connect("0,400");
  const auto begin = Clock::now();
  c.wait_for_beats(6);
  EXPECT_LT(Clock::now() - begin, 6 * 400ms);
}

TEST_F(HeartBeats, ComeOfASubscriberThatGetsNothing) {
  auto c = connect("0,50");
  c.subscribe("/topic/a");
  c.wait_for_beats(2);
}

TEST_F(HeartBeats, ThatDoNotComeEndTheSession) {
  const auto begin = Clock::now();
  auto c = connect("300,0");
  EXPECT_THAT(c.expect_error("timeout").body, HasSubstr("heart-beat"));
  EXPECT_GE(Clock::now() - begin, 550ms) << "clients send at the interval: it takes a margin";
}

TEST_F(HeartBeats, ThatWereNotPromisedAreNotMissed) {
  auto c = connect("0,0");
  c.nothing_comes(150ms);
  c.nothing_came();
}

TEST_F(HeartBeats, MayBeBareLineEndsOfEitherKind) {
  auto c = connect("400,0");
  const auto end = Clock::now() + 1200ms;
  for (int i = 0; Clock::now() < end; ++i) {
    c.raw(i % 2 == 0 ? "\n" : "\r\n");
    c.nothing_comes(50ms);
  }
  c.nothing_came();
}

/// Any octet is a sign of life, also of a frame that takes its time.
TEST_F(HeartBeats, AreNotNeededWithinASlowFrame) {
  auto c = connect("400,0");
  c.subscribe("/topic/a");
  c.raw("SEND\ndestination:/topic/a\n\n");
  const auto end = Clock::now() + 1200ms;
  while (Clock::now() < end) {
    c.raw("x");
    c.nothing_comes(50ms);
  }
  c.raw({"\0", 1});
  EXPECT_THAT(c.message().body, testing::StartsWith("xxxx"));
}

TEST_F(HeartBeats, OfTheServerGoOnWhileTheClientIsMissing) {
  auto c = connect("600,50");
  c.wait_for_beats(3);
  c.expect_error("timeout");
}

TEST_F(HeartBeats, AreNegotiatedInEveryVersion) {
  for (const std::string version : {"1.0", "1.1", "1.2"})
    connect("0,40", version).wait_for_beats(1);
}

TEST(HeartBeatSettings, OfZeroPromiseAndAskNothing) {
  auto settings = quick_beats();
  settings.heart_beat_read = 0ms;
  settings.heart_beat_write_max = 0ms;
  TestServer server(settings);
  auto c = server.client();
  EXPECT_EQ(c.connect("1.2", {{"heart-beat", "20,20"}}).header("heart-beat"), "0,0");
  c.nothing_comes(150ms);
  EXPECT_EQ(c.beats(), 0U);
}

}  // namespace
}  // namespace romp::conformance
