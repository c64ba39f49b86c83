// SPDX-License-Identifier: Apache-2.0
// STOMP 1.2, "Header receipt", "RECEIPT", "ERROR".
#include "conformance/server_test.hpp"

namespace romp::conformance {
namespace {

using namespace std::string_literals;
using Errors = ServerTest;
class ReceiptsOfEveryVersion : public EveryVersion {};

INSTANTIATE_TEST_SUITE_P(Receipts, ReceiptsOfEveryVersion, every_version, version_name);

TEST_P(ReceiptsOfEveryVersion, AnswerEveryFrameOfAClient) {
  auto c = connect();
  c.complete("SUBSCRIBE", {{"destination", "/queue/a"}, {"id", "1"}, {"ack", "client"}});
  c.complete("SEND", {{"destination", "/queue/a"}}, "1");
  c.complete("SEND", {{"destination", "/queue/a"}}, "2");
  c.nack(c.message());
  c.message();
  c.ack(c.message());
  c.complete("BEGIN", {{"transaction", "t"}});
  c.complete("COMMIT", {{"transaction", "t"}});
  c.complete("BEGIN", {{"transaction", "t"}});
  c.complete("ABORT", {{"transaction", "t"}});
  c.complete("UNSUBSCRIBE", {{"id", "1"}});
  c.complete("DISCONNECT");
  c.expect_closed();
}

TEST_P(ReceiptsOfEveryVersion, ComeInTheOrderOfTheirFrames) {
  auto c = connect();
  for (int i = 0; i < 100; ++i) {
    c.send("SEND", {{"destination", "/queue/a"}, {"receipt", std::to_string(i)}}, "x");
  }
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(c.expect("RECEIPT").header("receipt-id"), std::to_string(i));
  }
}

/// Perl's Net::Stomp makes ids of the session's.
TEST_P(ReceiptsOfEveryVersion, OfIdsMadeOfTheSessionComeBackUnchanged) {
  auto c = connect();
  const std::string id = c.session() + "-1";
  c.raw("SEND\ndestination:/queue/a\nreceipt:" + id + "\n\nx\0"s);
  EXPECT_EQ(c.octets_of_frame(), "RECEIPT\nreceipt-id:" + id + "\n\n");
}

TEST_F(Errors, SayWhatIsWrong) {
  auto c = connect();
  c.send("SEND", {{"destination", "/nowhere/a"}}, "x");
  const Frame error = c.expect_error();
  EXPECT_EQ(error.header("message"), "destination unknown");
  EXPECT_EQ(error.header("content-type"), "text/plain");
  EXPECT_EQ(error.header("content-length"), std::to_string(error.body.size()));
  EXPECT_THAT(error.body, HasSubstr("\"/nowhere/a\""));
}

TEST_F(Errors, CarryTheReceiptIdAndThereIsNoReceipt) {
  const std::vector<Frame> bad{{"SEND", {}, ""},
                               {"SUBSCRIBE", {{"destination", "/queue/a"}}, ""},
                               {"UNSUBSCRIBE", {{"id", "1"}}, ""},
                               {"ACK", {{"id", "1-1"}}, ""},
                               {"NACK", {{"id", "1-1"}}, ""},
                               {"BEGIN", {}, ""},
                               {"COMMIT", {{"transaction", "t"}}, ""},
                               {"ABORT", {{"transaction", "t"}}, ""},
                               {"CONNECT", {}, ""},
                               {"NONSENSE", {}, ""}};
  for (Frame frame : bad) {
    auto c = connect();
    frame.headers.emplace_back("receipt", "r:1");
    c.send(frame.command, frame.headers, frame.body);
    EXPECT_EQ(c.expect_error().header("receipt-id"), "r:1") << frame.command;
  }
}

TEST_F(Errors, WithoutAReceiptCarryNone) {
  auto c = connect();
  c.send("SEND");
  EXPECT_FALSE(c.expect_error().has("receipt-id"));
}

TEST_F(Errors, EndTheConnectionAndWhatComesBehindIsNotDone) {
  auto c = connect();
  c.raw("SEND\n\nbad\0SEND\ndestination:/queue/a\nreceipt:r\n\nx\0"s);
  c.expect_error("destination missing");
  auto late = connect();
  late.subscribe("/queue/a");
  late.nothing_came();
}

TEST_F(Errors, LeaveWhatCameBeforeInForce) {
  auto c = connect();
  c.raw("SEND\ndestination:/queue/a\n\nx\0SEND\n\nbad\0"s);
  c.expect_error("destination missing");
  auto late = connect();
  late.subscribe("/queue/a");
  EXPECT_EQ(late.message().body, "x");
}

/// To close with unread input would reset the connection, and the client would lose the ERROR.
TEST_F(Errors, ReachAClientThatHasMuchMoreToSay) {
  auto c = connect();
  const std::string more = "SEND\ndestination:/queue/a\n\n" + std::string(1U << 20U, 'x') + "\0"s;
  c.raw("SEND\n\nbad\0"s + more + more + more);
  EXPECT_EQ(c.expect("ERROR").header("message"), "destination missing");
  c.expect_closed();
}

/// The same where the client goes on sending while the server has finished.
TEST_F(Errors, ReachAClientThatGoesOnSending) {
  auto c = connect();
  c.raw("SEND\n\nbad\0"s);
  EXPECT_EQ(c.expect("ERROR").header("message"), "destination missing");
  c.raw("SEND\ndestination:/queue/a\n\nx\0"s);
  c.expect_closed();
}

TEST_F(Errors, OfOneSessionLeaveOthersAlone) {
  auto good = connect();
  good.subscribe("/topic/a");
  auto bad = connect();
  bad.raw("nonsense\n\n\0"s);
  bad.expect_error();
  good.publish("/topic/a", "x");
  EXPECT_EQ(good.message().body, "x");
}

TEST_F(Errors, BeforeConnectedSayWhichVersionsThereAre) {
  auto c = client();
  c.raw("SEND\ndestination:/queue/a\n\nx\0"s);
  EXPECT_EQ(c.expect_error("not connected").header("version"), "1.2,1.1,1.0");
}

}  // namespace
}  // namespace romp::conformance
