// SPDX-License-Identifier: Apache-2.0
// STOMP 1.2, "Connecting" and "Protocol Negotiation".
#include "conformance/server_test.hpp"

namespace romp::conformance {
namespace {

using namespace std::string_literals;
using Connecting = ServerTest;

struct Negotiation {
  std::string offered;
  std::string chosen;
};

class VersionList : public ServerTest, public testing::WithParamInterface<Negotiation> {};
class ForeignVersions : public ServerTest, public testing::WithParamInterface<std::string> {};

TEST_F(Connecting, WithoutAcceptVersionMeansOneDotZero) {
  auto c = client();
  c.raw("CONNECT\n\n\0"s);
  EXPECT_EQ(c.expect("CONNECTED").header("version"), "1.0");
}

TEST_F(Connecting, InTheStyleOfOneDotZeroNeedsNoHost) {
  auto c = client();
  c.raw("CONNECT\nlogin: somebody\npasscode: secret\n\n\0"s);
  EXPECT_EQ(c.expect("CONNECTED").header("version"), "1.0");
}

TEST_P(VersionList, GivesTheHighestThatBothSpeak) {
  auto c = client();
  c.send("CONNECT", {{"accept-version", GetParam().offered}, {"host", "localhost"}});
  EXPECT_EQ(c.expect("CONNECTED").header("version"), GetParam().chosen);
}

INSTANTIATE_TEST_SUITE_P(
    Connecting, VersionList,
    testing::Values(Negotiation{"1.0", "1.0"}, Negotiation{"1.1", "1.1"}, Negotiation{"1.2", "1.2"},
                    Negotiation{"1.0,1.1,1.2", "1.2"}, Negotiation{"1.2,1.1,1.0", "1.2"},
                    Negotiation{"1.0,1.2,1.1", "1.2"}, Negotiation{"1.0,1.1,2.0", "1.1"},
                    Negotiation{"3.1,1.0", "1.0"}, Negotiation{"1.0, 1.1", "1.1"},
                    Negotiation{"1.20,1.1", "1.1"}));

TEST_P(ForeignVersions, AreRefusedWithTheListOfTheSupportedOnes) {
  auto c = client();
  c.send("CONNECT", {{"accept-version", GetParam()}, {"host", "localhost"}});
  const Frame error = c.expect_error("unsupported version");
  EXPECT_EQ(error.header("version"), "1.2,1.1,1.0");
  EXPECT_EQ(error.header("content-type"), "text/plain");
  EXPECT_THAT(error.body, HasSubstr("1.2, 1.1 and 1.0"));
}

/// A part of a number is not the number.
INSTANTIATE_TEST_SUITE_P(Connecting, ForeignVersions,
                         testing::Values("2.0", "1.20", "11.1", "1.2.1", "1", "1.3,0.9", "x", ""));

TEST_F(Connecting, WithStompIsTheSameAsWithConnect) {
  for (const std::string version : {"1.0", "1.1", "1.2"}) {
    auto c = client();
    c.send("STOMP", {{"accept-version", version}, {"host", "localhost"}});
    EXPECT_EQ(c.expect("CONNECTED").header("version"), version);
  }
}

TEST_F(Connecting, ToAnyHostIsAccepted) {
  auto c = client();
  c.send("CONNECT", {{"accept-version", "1.2"}, {"host", "stomp.example.org"}});
  c.expect("CONNECTED");
}

TEST_F(Connecting, AnswersWithVersionSessionServerAndHeartBeat) {
  auto c = client();
  const Frame connected = c.connect("1.2");
  EXPECT_EQ(connected.header("version"), "1.2");
  EXPECT_THAT(connected.header("server"), testing::MatchesRegex("romp/[0-9.]+"));
  EXPECT_EQ(connected.header("heart-beat"), "0,0");
  EXPECT_EQ(connected.body, "");
}

/// Simple clients build receipt and transaction ids of it and do not escape them.
TEST_F(Connecting, GivesSessionIdsOfLettersDigitsAndHyphens) {
  auto a = connect();
  auto b = connect();
  EXPECT_THAT(a.session(), testing::MatchesRegex("[A-Za-z0-9_-]+"));
  EXPECT_NE(a.session(), b.session());
}

TEST_F(Connecting, WithAReceiptGivesConnectedAlone) {
  auto c = client();
  c.connect("1.2", {{"receipt", "r"}});
  c.nothing_came();
}

TEST_F(Connecting, MayBeFollowedByFramesInTheSamePacket) {
  auto c = client();
  c.raw(
      "CONNECT\naccept-version:1.2\nhost:h\n\n\0"
      "SUBSCRIBE\nid:1\ndestination:/topic/a\n\n\0"
      "SEND\ndestination:/topic/a\n\nhello\0"s);
  c.expect("CONNECTED");
  EXPECT_EQ(c.message().body, "hello");
}

TEST_F(Connecting, BeforeAnythingElseIsAMust) {
  const std::vector<Frame> frames{{"SEND", {{"destination", "/queue/a"}}, "x"},
                                  {"SUBSCRIBE", {{"destination", "/queue/a"}, {"id", "1"}}, ""},
                                  {"ACK", {{"id", "1-1"}}, ""},
                                  {"BEGIN", {{"transaction", "t"}}, ""},
                                  {"DISCONNECT", {}, ""}};
  for (const Frame& frame : frames) {
    auto c = client();
    c.send(frame.command, frame.headers, frame.body);
    EXPECT_THAT(c.expect_error("not connected").body, HasSubstr(frame.command));
  }
}

TEST_F(Connecting, TooLateMakesEarlierFramesDoNothing) {
  auto early = client();
  early.raw("SEND\ndestination:/queue/a\n\nx\0CONNECT\naccept-version:1.2\nhost:h\n\n\0"s);
  early.expect_error("not connected");
  auto c = connect();
  c.subscribe("/queue/a");
  c.nothing_came();
}

TEST_F(Connecting, TwiceIsAnError) {
  for (const std::string command : {"CONNECT", "STOMP"}) {
    auto c = connect();
    c.send(command, {{"accept-version", "1.2"}, {"host", "localhost"}});
    c.expect_error("already connected");
  }
}

TEST_F(Connecting, AndLeavingAtOnceManyTimesKeepsTheServerWell) {
  for (int i = 0; i < 50; ++i) {
    auto c = client();
    c.connect();
  }
  connect().nothing_came();
}

TEST(ConnectFrame, IsNeverUnescaped) {
  for (const std::string version : {"1.0", "1.1", "1.2"}) {
    auto settings = support::test_settings();
    settings.login = R"(domain\new)";
    settings.passcode = R"(C:\temp\c\\)";
    TestServer server(settings);
    server.connect(version, {{"login", R"(domain\new)"}, {"passcode", R"(C:\temp\c\\)"}});
  }
}

TEST(ConnectedFrame, IsNeverEscaped) {
  auto settings = support::test_settings();
  settings.name = R"(ro:mp\n)";
  TestServer server(settings);
  auto c = server.client();
  EXPECT_THAT(c.connect().header("server"), testing::StartsWith(R"(ro:mp\n)"));
}

}  // namespace
}  // namespace romp::conformance
