// SPDX-License-Identifier: Apache-2.0
#include "net/websocket.hpp"

#include <gmock/gmock.h>

#include "unit/net/websocket_rig.hpp"

namespace romp::net {
namespace {

using namespace std::string_literals;
using testing::StartsWith;

std::size_t write(WebSocketRig& rig, std::string_view text, error_code& error) {
  const iovec piece{const_cast<char*>(text.data()), text.size()};
  return rig.socket->write_some({&piece, 1}, error);
}

TEST(WebSocket, ReadsThePayloadOfMessagesAsOneStream) {
  WebSocketRig rig;
  rig.wire.sent = WebSocketRig::frame(0x81, "one ") + WebSocketRig::frame(0x82, "two ") +
                  WebSocketRig::frame(0x01, "th") + WebSocketRig::frame(0x80, "ree");
  rig.run();
  EXPECT_EQ(rig.read, "one two three");
}

TEST(WebSocket, ReadsTheSameHoweverTheOctetsArrive) {
  for (const std::size_t at_once : {1, 2, 3, 7, 100, 511, 512, 513, 1536}) {
    WebSocketRig rig;
    rig.wire.at_once = at_once;
    const std::string large(40'000, 'x');
    rig.wire.sent = WebSocketRig::frame(0x81, "a") + WebSocketRig::frame(0x82, large) +
                    WebSocketRig::frame(0x81, "b");
    rig.run();
    EXPECT_EQ(rig.read, "a" + large + "b") << at_once;
  }
}

TEST(WebSocket, GathersSmallMessagesForOneRead) {
  WebSocketRig rig;
  for (int i = 0; i < 60; ++i) rig.wire.sent += WebSocketRig::frame(0x81, "ten octets");
  rig.run();
  EXPECT_EQ(rig.read.size(), 600U);
  EXPECT_EQ(rig.readable, 1);
}

TEST(WebSocket, ReadsNoMoreThanItWasAskedFor) {
  WebSocketRig rig;
  rig.reads_on = false;
  const std::string message = WebSocketRig::frame(0x82, std::string(1000, 'x'));
  for (int i = 0; i < 1000; ++i) rig.wire.sent += message;
  rig.run();
  EXPECT_EQ(rig.readable, 1);
  EXPECT_GT(rig.wire.sent.size(), 1000 * message.size() - 100'000);
}

TEST(WebSocket, AnswersPings) {
  WebSocketRig rig;
  rig.wire.sent = WebSocketRig::frame(0x89, "hello");
  rig.run();
  EXPECT_EQ(rig.wire.got, "\x8a\x05hello");
}

TEST(WebSocket, DoesNotReadOnWhileAPongIsNotTaken) {
  WebSocketRig rig;
  rig.wire.room = 0;
  const std::string ping = WebSocketRig::frame(0x89, "hello");
  for (int i = 0; i < 1000; ++i) rig.wire.sent += ping;
  rig.run();
  EXPECT_GT(rig.wire.sent.size(), 1000 * ping.size() / 2);
  rig.wire.room = std::numeric_limits<std::size_t>::max();
  rig.run();
  EXPECT_EQ(rig.wire.got.size(), 1000 * 7U);
}

TEST(WebSocket, WritesMessagesWithOneFrameEach) {
  WebSocketRig rig;
  error_code error;
  EXPECT_EQ(write(rig, "hello", error), 5U);
  EXPECT_EQ(rig.wire.got, "\x81\x05hello");
}

TEST(WebSocket, CutsWhatIsWrittenWhereTheCutterSays) {
  WebSocketRig rig({}, [](std::span<const iovec> pieces) {
    const std::string_view text(static_cast<const char*>(pieces[0].iov_base), pieces[0].iov_len);
    const auto end = text.find(';');
    return Cut{std::min(end, text.size() - 1) + 1, end != text.npos, text[0] != 'b'};
  });
  error_code error;
  EXPECT_EQ(write(rig, "ab;bc;de", error), 6U) << "what has no end waits";
  EXPECT_EQ(rig.wire.got,
            "\x81\x03"
            "ab;"
            "\x82\x03"
            "bc;");
}

TEST(WebSocket, SaysWhenItCanBeWrittenToAgain) {
  WebSocketRig rig;
  rig.wire.room = 10;
  error_code error;
  EXPECT_EQ(write(rig, "hello, world", error), 12U) << "taken, and kept for the network";
  EXPECT_EQ(write(rig, "more", error), 0U);
  EXPECT_EQ(error, boost::asio::error::would_block);
  rig.socket->wait_writable(*rig.user);
  rig.run();
  EXPECT_EQ(rig.writable, 0);
  rig.wire.room = 1000;
  rig.run();
  EXPECT_EQ(rig.writable, 1);
  EXPECT_EQ(write(rig, "more", error), 4U);
  EXPECT_EQ(rig.wire.got, "\x81\x0chello, world\x81\x04more");
}

TEST(WebSocket, TakesNoMoreThanAboutAFragmentForASlowNetwork) {
  WebSocketRig rig;
  rig.wire.room = 0;
  error_code error;
  const std::string large(10'000'000, 'x');
  EXPECT_LE(write(rig, large, error), 64U * 1024);
}

TEST(WebSocket, AnswersACloseAndReportsTheEnd) {
  WebSocketRig rig;
  rig.wire.sent = WebSocketRig::frame(0x88, "\x03\xe8"s);
  rig.run();
  EXPECT_EQ(rig.wire.got, "\x88\x02\x03\xe8"s);
  EXPECT_EQ(rig.end, boost::asio::error::eof);
  EXPECT_TRUE(rig.wire.finished);
  error_code error;
  EXPECT_EQ(write(rig, "x", error), 0U);
  EXPECT_TRUE(error);
}

TEST(WebSocket, BeginsToCloseWhenWritingIsFinished) {
  WebSocketRig rig;
  error_code error;
  write(rig, "bye", error);
  rig.socket->finish_writing();
  rig.run();
  EXPECT_EQ(rig.wire.got,
            "\x81\x03"
            "bye\x88\x02\x03\xe8"s);
  EXPECT_FALSE(rig.wire.finished) << "until the client has answered";
  rig.wire.sent = WebSocketRig::frame(0x88, "\x03\xe8"s);
  rig.run();
  EXPECT_TRUE(rig.wire.finished);
  EXPECT_TRUE(rig.end);
}

TEST(WebSocket, ReportsAClientThatJustLeaves) {
  WebSocketRig rig;
  rig.wire.client_is_done = true;
  rig.run();
  EXPECT_TRUE(rig.end);
}

TEST(WebSocket, CanBeClosedAtAnyTime) {
  for (const bool writing : {false, true}) {
    WebSocketRig rig;
    error_code error;
    rig.wire.room = 0;
    if (writing) write(rig, "x", error);
    rig.wire.sent = WebSocketRig::frame(0x89, "hello");
    rig.socket->finish_writing();
    rig.socket->close();
    rig.run();
    EXPECT_TRUE(rig.wire.closed);
  }
}

TEST(WebSocket, KeepsWhatIsPutBackBeforeWhatCame) {
  WebSocketRig rig({}, WebSocketRig::whole, "first ");
  rig.wire.sent = WebSocketRig::frame(0x81, "second");
  rig.run();
  EXPECT_EQ(rig.read, "first second");
}

TEST(WebSocket, RefusesOtherVersionsAndLeavesTheTransport) {
  Worker worker(0);
  Wire wire;
  std::unique_ptr<Transport> below = std::make_unique<MemoryTransport>(worker.context(), wire);
  WebSocket::Request request{boost::beast::http::verb::get, "/", 11};
  EXPECT_EQ(WebSocket::accept(worker, below, request, "", "romp", WebSocketRig::whole, {}),
            nullptr);
  EXPECT_NE(below, nullptr);
  EXPECT_EQ(wire.got, "");
  EXPECT_FALSE(wire.closed);
}

}  // namespace
}  // namespace romp::net
