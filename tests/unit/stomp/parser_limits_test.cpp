// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "stomp/error.hpp"
#include "stomp/parser.hpp"
#include "unit/stomp/reader.hpp"

namespace romp::stomp {
namespace {

using ::testing::SizeIs;
using tests::read_cut;
using tests::read_octetwise;
using tests::Reader;
using tests::wire;

/// The outcome must not depend on how the stream arrives.
std::string error_of(std::string_view stream, const Limits& limits) {
  const Reader whole = read_cut(stream, {}, limits);
  const Reader octets = read_octetwise(stream, limits);
  EXPECT_EQ(whole.error(), octets.error()) << stream;
  EXPECT_EQ(whole.frames(), octets.frames()) << stream;
  EXPECT_THAT(whole.frames(), SizeIs(whole.error().empty() ? 1 : 0)) << stream;
  return whole.error();
}

std::string with_headers(std::size_t count) {
  std::string stream = "SEND\n";
  for (std::size_t i = 0; i < count; ++i) stream += "a:\n";
  return stream + wire("\n^@");
}

TEST(ParserLimits, TakeAsManyHeadersAsAllowedAndNotOneMore) {
  Limits limits;
  limits.headers = 5;
  EXPECT_EQ(error_of(with_headers(5), limits), "");
  EXPECT_EQ(error_of(with_headers(6), limits), "too many headers");
  limits.headers = 250;
  EXPECT_EQ(error_of(with_headers(250), limits), "");
  EXPECT_EQ(error_of(with_headers(251), limits), "too many headers");
}

TEST(ParserLimits, TakeAHeaderLineAsLongAsAllowedAndNotOneOctetMore) {
  Limits limits;
  limits.header_line = 40;
  for (const char* end : {"\n", "\r\n"}) {
    const std::string fits = "SEND\na:" + std::string(38, 'x') + end;
    const std::string too_long = "SEND\na:" + std::string(39, 'x') + end;
    EXPECT_EQ(error_of(fits + "b:c\n" + wire("\n^@"), limits), "");
    EXPECT_EQ(error_of(too_long + "b:c\n" + wire("\n^@"), limits), "header too long");
    EXPECT_EQ(error_of(too_long + wire("\n^@"), limits), "header too long");
  }
}

TEST(ParserLimits, DoNotCountTheCommandAsAHeaderLine) {
  Limits limits;
  limits.header_line = 16;
  EXPECT_EQ(error_of(std::string(32, 'A') + wire("\r\n\r\n^@"), limits), "");
}

TEST(ParserLimits, CatchALongHeaderLineBeforeItsEnd) {
  Limits limits;
  limits.header_line = 40;
  EXPECT_EQ(read_octetwise("SEND\na:" + std::string(40, 'x'), limits).error(), "header too long");
  EXPECT_EQ(read_cut("SEND\na:" + std::string(40, 'x'), {}, limits).error(), "header too long");
}

TEST(ParserLimits, CatchALongHeaderLineThatArrivesBetweenTwoPieces) {
  Limits limits;
  limits.header_line = 40;
  const std::string stream = "SEND\na:b\nc:" + std::string(100, 'x') + "\nd:";
  EXPECT_EQ(read_cut(stream, {7}, limits).error(), "header too long");
}

TEST(ParserLimits, TakeABodyAsLongAsAllowedAndNotOneOctetMore) {
  Limits limits;
  limits.body = 10;
  const std::string fits(10, 'x');
  EXPECT_EQ(error_of("SEND\n\n" + fits + '\0', limits), "");
  EXPECT_EQ(error_of("SEND\n\n" + fits + "x" + '\0', limits), "body too large");
  EXPECT_EQ(error_of("SEND\ncontent-length:10\n\n" + fits + '\0', limits), "");
  EXPECT_EQ(error_of("SEND\ncontent-length:11\n\n" + fits + "x" + '\0', limits), "body too large");
}

TEST(ParserLimits, CatchABodyWithoutEnd) {
  Limits limits;
  limits.body = 10;
  EXPECT_EQ(read_octetwise("SEND\n\n" + std::string(11, 'x'), limits).error(), "body too large");
}

TEST(ParserLimits, RefuseALongBodyWhenItIsAnnounced) {
  EXPECT_EQ(read_cut("SEND\ncontent-length:4294967296\n\n", {}).error(), "body too large");
  EXPECT_EQ(read_cut("SEND\ncontent-length:16777217\n\n", {}).error(), "body too large");
  EXPECT_EQ(read_cut("SEND\ncontent-length:16777216\n\n", {}).error(), "");
}

TEST(ParserLimits, TakeAFrameAsLongAsAllowedAndNotOneOctetMore) {
  for (const std::string& frame :
       {wire("CONNECT\nlogin:me\n\n^@"), wire("CONNECT\nlogin:me\n\nbody^@"),
        wire("CONNECT\r\ncontent-length:4\r\n\r\nb^@dy^@"), wire("CONNECT\n\n^@")}) {
    Limits limits;
    limits.frame = frame.size();
    EXPECT_EQ(error_of(frame, limits), "") << frame;
    EXPECT_EQ(error_of("\n\r\n" + frame + "\n\n", limits), "") << frame;
    limits.frame = frame.size() - 1;
    EXPECT_EQ(error_of(frame, limits), "frame too large") << frame;
  }
}

TEST(ParserLimits, RefuseALongFrameWhenItIsAnnounced) {
  Limits limits;
  limits.frame = 8192;
  EXPECT_EQ(read_cut("CONNECT\ncontent-length:9000\n\n", {}, limits).error(), "frame too large");
}

TEST(ParserLimits, CatchAFrameWithoutEndWithinAPieceOfTheLimit) {
  Limits limits;
  limits.frame = 100;
  for (const char* begin : {"CONNECT\na:", "CONNECT\n\n"}) {
    Reader reader(limits);
    reader.feed(begin);
    while (reader.error().empty() && reader.held() <= limits.frame) reader.feed("0123456789");
    EXPECT_EQ(reader.error(), "frame too large") << begin;
  }
}

TEST(ParserLimits, MayChangeBetweenFrames) {
  Limits narrow;
  narrow.frame = 20;
  const Limits wide;
  Parser parser(narrow);
  Frame frame;
  std::string stream = wire("SEND\n\n0123456789abcdef^@");
  EXPECT_THROW(parser.next(stream, frame), ProtocolError);
  Parser after(narrow);
  after.set_limits(wide);
  EXPECT_EQ(after.next(stream, frame), Parser::Result::frame);
}

// Large bodies.

struct Large {
  Limits limits;
  Parser parser{limits};
  Frame frame;
};

TEST(LargeBody, IsReportedBeforeItIsWhole) {
  Large large;
  large.limits.large_body = 4;
  std::string stream = wire("\n\r\nSEND\ncontent-length:5\na:\\\\\n\nabc");
  ASSERT_EQ(large.parser.next(stream, large.frame), Parser::Result::large_body);
  EXPECT_EQ(large.parser.body_length(), 5U);
  EXPECT_EQ(large.parser.skipped(), 3U);
  EXPECT_EQ(large.parser.consumed(), stream.size() - 3);
  EXPECT_FALSE(large.parser.in_frame());
  EXPECT_EQ(large.frame.command, Command::send);
  EXPECT_EQ(large.frame.find("a"), "\\");
  EXPECT_FALSE(large.frame.plain);
}

TEST(LargeBody, IsAnOrdinaryFrameWhenItIsThereAtOnce) {
  Large large;
  large.limits.large_body = 4;
  std::string stream = wire("SEND\ncontent-length:5\n\nabcde^@");
  ASSERT_EQ(large.parser.next(stream, large.frame), Parser::Result::frame);
  EXPECT_EQ(large.frame.body(), "abcde");
}

TEST(LargeBody, IsOneOverTheMark) {
  Large large;
  large.limits.large_body = 5;
  std::string stream = wire("SEND\ncontent-length:5\n\nabcde");
  EXPECT_EQ(large.parser.next(stream, large.frame), Parser::Result::need_more);
}

TEST(LargeBody, LeavesTheParserReadyForTheFrameBehindIt) {
  Large large;
  large.limits.large_body = 4;
  std::string stream = wire("SEND\ncontent-length:5\n\n");
  for (std::size_t size = 1; size < stream.size(); ++size) {
    ASSERT_EQ(large.parser.next(std::span(stream).first(size), large.frame),
              Parser::Result::need_more);
  }
  ASSERT_EQ(large.parser.next(stream, large.frame), Parser::Result::large_body);
  EXPECT_EQ(large.parser.skipped(), 0U);
  EXPECT_EQ(large.parser.consumed(), stream.size());
  std::string behind = wire("\nACK\n\n^@");
  ASSERT_EQ(large.parser.next(behind, large.frame), Parser::Result::frame);
  EXPECT_EQ(large.frame.command, Command::ack);
}

TEST(LargeBody, MayHoldNothingButItsOwnOctetsAndANul) {
  Limits limits;
  limits.large_body = 4;
  EXPECT_EQ(error_of(wire("SEND\ncontent-length:6\n\na^@b^@cd^@"), limits), "");
  EXPECT_EQ(error_of(wire("SEND\ncontent-length:6\n\na^@b^@cdX"), limits), "bad body");
}

}  // namespace
}  // namespace romp::stomp
