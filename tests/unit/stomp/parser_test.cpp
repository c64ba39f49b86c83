// SPDX-License-Identifier: Apache-2.0
#include "stomp/parser.hpp"

#include <gmock/gmock.h>

#include "stomp/error.hpp"
#include "unit/stomp/reader.hpp"

namespace romp::stomp {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;
using tests::all_versions;
using tests::read;
using tests::read_cut;
using tests::read_octetwise;
using tests::Reader;
using tests::ReadFrame;
using tests::wire;

/// The only frame in `stream`.
ReadFrame only(std::string_view stream, Version version = Version::v1_2) {
  const Reader reader = read(stream, version);
  EXPECT_EQ(reader.error(), "") << reader.detail();
  EXPECT_THAT(reader.frames(), SizeIs(1));
  EXPECT_EQ(reader.held(), 0U);
  return reader.frames().empty() ? ReadFrame{} : reader.frames().front();
}

/// The value of the only header in a frame with that header line.
std::string value_of(std::string_view line, Version version = Version::v1_2) {
  const ReadFrame frame = only(wire("SEND\n" + std::string(line) + "\n\n^@"), version);
  EXPECT_THAT(frame.headers, SizeIs(1));
  return frame.headers.empty() ? "" : frame.headers.front().second;
}

std::string error_of(std::string_view stream, Version version = Version::v1_2) {
  const Reader reader = read(stream, version);
  EXPECT_THAT(reader.frames(), IsEmpty());
  return reader.error();
}

std::string error_of_line(std::string_view line, Version version = Version::v1_2) {
  return error_of(wire("SEND\n" + std::string(line) + "\n\n^@"), version);
}

// Commands.

TEST(Parser, ReadsTheExampleOfTheSpecification) {
  const ReadFrame frame =
      only(wire("SEND\ndestination:/queue/a\ncontent-type:text/plain\n\n"
                "hello queue a\n^@"));
  EXPECT_EQ(frame.word, "SEND");
  EXPECT_THAT(frame.headers,
              ElementsAre(Pair("destination", "/queue/a"), Pair("content-type", "text/plain")));
  EXPECT_EQ(frame.body, "hello queue a\n");
}

TEST(Parser, ReadsAFrameWithoutHeadersAndBody) {
  EXPECT_EQ(only(wire("DISCONNECT\n\n^@")), (ReadFrame{"DISCONNECT", {}, ""}));
}

TEST(Parser, NamesTheCommandsItKnows) {
  Limits limits;
  Parser parser(limits);
  Frame frame;
  std::string stream = wire("STOMP\n\n^@");
  ASSERT_EQ(parser.next(stream, frame), Parser::Result::frame);
  EXPECT_EQ(frame.command, Command::stomp);
  stream = wire("PING\n\n^@");
  ASSERT_EQ(parser.next(stream, frame), Parser::Result::frame);
  EXPECT_EQ(frame.command, Command::unknown);
  EXPECT_EQ(frame.word, "PING");
}

TEST(Parser, TakesAWordForAnotherThanItsPrefix) {
  Limits limits;
  Parser parser(limits);
  Frame frame;
  for (const char* word : {"SENDER", "SEN", "SUB", "UNSUB", "ACKN", "CONNECTED2"}) {
    std::string stream = wire(std::string(word) + "\n\n^@");
    ASSERT_EQ(parser.next(stream, frame), Parser::Result::frame) << word;
    EXPECT_EQ(frame.command, Command::unknown) << word;
  }
}

TEST(Parser, RefusesWhatIsNoWordOfCapitals) {
  for (const char* stream :
       {"send\n\n^@", "Send\n\n^@", " SEND\n\n^@", "SEND \n\n^@", "SE:ND\n\n^@", "^@\n\n^@",
        "\xc3\x9c\n\n^@", "SEND\r\r\n\n^@", "SEND\rX\n\n^@"}) {
    EXPECT_EQ(error_of(wire(stream)), "bad command") << stream;
  }
}

TEST(Parser, RefusesOtherProtocolsAtTheirFirstOctets) {
  for (const std::string& stream :
       {std::string("GET /"), std::string("\x16\x03\x01\x02"), wire("AMQP^@"),
        std::string("*1\r\n$4"), wire("^@^@^@"), std::string("SSH-2.0-")}) {
    EXPECT_EQ(read(stream).error(), "bad command") << stream;
    EXPECT_EQ(read_octetwise(stream).error(), "bad command") << stream;
  }
}

TEST(Parser, QuotesABadCommandInPrintableAscii) {
  EXPECT_EQ(read("GET /\x1b[2J\xff HTTP/1.1\r\n").detail(),
            "not a STOMP command: \"GET /?[2J? HTTP/1.1\"");
}

TEST(Parser, TakesWordsOfUpTo32Octets) {
  EXPECT_EQ(only(std::string(32, 'A') + wire("\r\n\n^@")).word, std::string(32, 'A'));
  EXPECT_EQ(error_of(std::string(33, 'A') + wire("\n\n^@")), "bad command");
  EXPECT_EQ(read(std::string(34, 'A')).error(), "bad command");
}

TEST(Parser, LeavesTheHeadersItHasReadInTheFrameWhenItThrows) {
  Limits limits;
  Parser parser(limits);
  Frame frame;
  frame.append("receipt", "of the frame before");
  std::string stream = wire("SEND\nreceipt:7\ncontent-length:five\n\nabc^@");
  EXPECT_THROW(parser.next(stream, frame), ProtocolError);
  EXPECT_EQ(frame.find(Name::receipt), "7");
  stream = "nonsense";
  EXPECT_THROW(Parser(limits).next(stream, frame), ProtocolError);
  EXPECT_FALSE(frame.has(Name::receipt));
}

// Line ends.

TEST(Parser, TakesCrLfAndLfInOneFrame) {
  for (const Version version : all_versions) {
    const ReadFrame frame = only(wire("SEND\r\na:b\nc:d\r\n\r\nbody\r\n^@"), version);
    EXPECT_THAT(frame.headers, ElementsAre(Pair("a", "b"), Pair("c", "d")));
    EXPECT_EQ(frame.body, "body\r\n");
  }
}

TEST(Parser, RefusesALoneCarriageReturnInAHeaderFrom12On) {
  EXPECT_EQ(error_of_line("a:b\rc"), "bad header");
  EXPECT_EQ(error_of_line("a\r:b"), "bad header");
  EXPECT_EQ(error_of_line("a:b\r\r"), "bad header");
  EXPECT_EQ(value_of("a:b\rc", Version::v1_1), "b\rc");
  EXPECT_EQ(value_of("a:b\r\r", Version::v1_1), "b\r");
}

TEST(Parser, PassesOverLineEndsBetweenFrames) {
  const Reader reader = read(wire("\n\r\nSEND\n\n^@\n\n\r\n\nSEND\n\n^@\r\n"));
  EXPECT_EQ(reader.error(), "");
  EXPECT_THAT(reader.frames(), SizeIs(2));
  EXPECT_EQ(reader.held(), 0U);
}

TEST(Parser, KeepsHalfALineEndBetweenFrames) {
  Reader reader;
  reader.feed("\n\r");
  EXPECT_EQ(reader.error(), "");
  EXPECT_EQ(reader.held(), 1U);
  reader.feed(wire("\nSEND\n\n^@"));
  EXPECT_THAT(reader.frames(), SizeIs(1));
  EXPECT_EQ(reader.held(), 0U);
}

TEST(Parser, RefusesACarriageReturnThatEndsNoLine) {
  EXPECT_EQ(read("\r\r\n").error(), "bad command");
  EXPECT_EQ(read_octetwise("\r\r\n").error(), "bad command");
}

TEST(Parser, KeepsLineEndsThatBeginOrEndABody) {
  EXPECT_EQ(only(wire("SEND\n\n\n\r\nx\n\n^@")).body, "\n\r\nx\n\n");
}

TEST(Parser, SaysWhatItHasSkippedAndConsumed) {
  Limits limits;
  Parser parser(limits);
  Frame frame;
  std::string stream = wire("\r\n\nSEND\n\n^@\n");
  ASSERT_EQ(parser.next(stream, frame), Parser::Result::frame);
  EXPECT_EQ(parser.skipped(), 3U);
  EXPECT_EQ(parser.consumed(), stream.size() - 1);
  ASSERT_EQ(parser.next(std::span(stream).last(1), frame), Parser::Result::need_more);
  EXPECT_EQ(parser.skipped(), 1U);
  EXPECT_EQ(parser.consumed(), 1U);
  EXPECT_FALSE(parser.in_frame());
}

TEST(Parser, IsInAFrameFromItsFirstOctetToItsLast) {
  Limits limits;
  Parser parser(limits);
  Frame frame;
  std::string stream = wire("SEND\ncontent-length:2\n\nab^@");
  for (std::size_t size = 1; size < stream.size(); ++size) {
    ASSERT_EQ(parser.next(std::span(stream).first(size), frame), Parser::Result::need_more);
    EXPECT_TRUE(parser.in_frame()) << size;
  }
  ASSERT_EQ(parser.next(stream, frame), Parser::Result::frame);
  EXPECT_FALSE(parser.in_frame());
}

// Headers.

TEST(Parser, SplitsAHeaderAtItsFirstColon) {
  EXPECT_EQ(value_of("url:http://host:80/"), "http://host:80/");
  EXPECT_EQ(value_of("a::"), ":");
}

TEST(Parser, TakesAnEmptyValueButNoEmptyName) {
  EXPECT_EQ(value_of("a:"), "");
  EXPECT_EQ(error_of_line(":b"), "bad header");
  EXPECT_EQ(error_of_line(":"), "bad header");
}

TEST(Parser, RefusesAHeaderLineWithoutAColon) {
  EXPECT_EQ(error_of_line("colonless"), "bad header");
  EXPECT_EQ(error_of_line(" "), "bad header");
}

TEST(Parser, KeepsRepeatedHeadersInOrderAndFindsTheFirst) {
  Limits limits;
  Parser parser(limits);
  Frame frame;
  std::string stream = wire("SEND\nfoo:1\nreceipt:a\nfoo:2\nreceipt:b\n\n^@");
  ASSERT_EQ(parser.next(stream, frame), Parser::Result::frame);
  EXPECT_THAT(frame.headers(), SizeIs(4));
  EXPECT_EQ(frame.find("foo"), "1");
  EXPECT_EQ(frame.find(Name::receipt), "a");
}

TEST(Parser, TakesTheFirstOfTwoContentLengths) {
  EXPECT_EQ(only(wire("SEND\ncontent-length:1\ncontent-length:3\n\na^@")).body, "a");
}

TEST(Parser, TellsHeaderNamesOfOtherCaseApart) {
  EXPECT_EQ(only(wire("SEND\nContent-Length:1\n\nabc^@")).body, "abc");
}

TEST(Parser, TrimsValuesFor10Only) {
  EXPECT_EQ(value_of("a: b ", Version::v1_0), "b");
  EXPECT_EQ(value_of("a:\t \t", Version::v1_0), "");
  EXPECT_EQ(value_of("a: b ", Version::v1_1), " b ");
  EXPECT_EQ(value_of("a: b ", Version::v1_2), " b ");
}

TEST(Parser, ReadsAPaddedContentLengthFor10Only) {
  const std::string stream = wire("SEND\ncontent-length: 3 \n\na^@b^@");
  EXPECT_EQ(only(stream, Version::v1_0).body, std::string("a\0b", 3));
  EXPECT_EQ(error_of(stream), "bad content-length");
}

TEST(Parser, DecodesTheEscapesOfEachVersion) {
  constexpr std::string_view line = R"(a:\n\c\\)";
  EXPECT_EQ(value_of(line, Version::v1_0), R"(\n\c\\)");
  EXPECT_EQ(value_of(line, Version::v1_1), "\n:\\");
  EXPECT_EQ(value_of(line, Version::v1_2), "\n:\\");
  EXPECT_EQ(value_of(R"(a:x\ry)"), "x\ry");
}

TEST(Parser, DecodesInOnePass) { EXPECT_EQ(value_of(R"(a:\\n\\\\c)"), R"(\n\\c)"); }

TEST(Parser, DecodesNamesToo) {
  EXPECT_THAT(only(wire(R"(SEND
a\cb\\:c

^@)"))
                  .headers,
              ElementsAre(Pair("a:b\\", "c")));
}

TEST(Parser, RefusesEscapesThatTheVersionDoesNotDefine) {
  for (const char* line : {R"(a:\t)", R"(a:\)", R"(a:\N)", R"(\x:b)", R"(a\:b)", R"(a:\\\)"}) {
    EXPECT_EQ(error_of_line(line), "bad escape") << line;
    EXPECT_EQ(error_of_line(line, Version::v1_1), "bad escape") << line;
    EXPECT_EQ(read(wire("SEND\n" + std::string(line) + "\n\n^@"), Version::v1_0).error(), "");
  }
  EXPECT_EQ(error_of_line(R"(a:\r)", Version::v1_1), "bad escape");
}

TEST(Parser, LeavesConnectFramesUndecodedInEveryVersion) {
  for (const char* word : {"CONNECT", "STOMP", "CONNECTED"}) {
    const ReadFrame frame =
        only(wire(std::string(word) + "\naccept-version:1.2\npasscode:C:\\temp\\n\\\n\n^@"));
    EXPECT_THAT(frame.headers,
                ElementsAre(Pair("accept-version", "1.2"), Pair("passcode", R"(C:\temp\n\)")));
  }
}

TEST(Parser, TrimsAConnectThatAsksFor10) {
  EXPECT_THAT(only(wire("CONNECT\nlogin: me\npasscode: x y \n\n^@")).headers,
              ElementsAre(Pair("login", "me"), Pair("passcode", "x y")));
  EXPECT_THAT(only(wire("CONNECT\naccept-version: 1.0\nlogin: me\n\n^@")).headers,
              ElementsAre(Pair("accept-version", "1.0"), Pair("login", "me")));
}

TEST(Parser, KeepsTheSpacesOfAConnectThatAsksForMore) {
  EXPECT_THAT(only(wire("CONNECT\naccept-version:1.0,1.1\npasscode: x\n\n^@")).headers,
              ElementsAre(Pair("accept-version", "1.0,1.1"), Pair("passcode", " x")));
}

TEST(Parser, TakesUtf8InNamesAndValues) {
  EXPECT_THAT(only(wire("SEND\nnaïve:Größe 😀\n\n^@")).headers,
              ElementsAre(Pair("naïve", "Größe 😀")));
}

TEST(Parser, RefusesHeadersThatAreNotUtf8) {
  for (const Version version : all_versions) {
    EXPECT_EQ(error_of_line("a:\xff", version), "bad header");
    EXPECT_EQ(error_of_line("gr\xf6\xdf"
                            "e:1",
                            version),
              "bad header");
    EXPECT_EQ(error_of_line("a:long enough for several chunks, then \xc3", version), "bad header");
  }
}

TEST(Parser, LetsBodiesBeAnyOctets) {
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  EXPECT_EQ(only("SEND\ncontent-length:256\n\n" + all + '\0').body, all);
}

TEST(Parser, RefusesANulInTheHeadersAsSoonAsItComes) {
  for (const char* stream : {"SEND\na:b^@", "SEND\n^@", "SEND\na^@"}) {
    EXPECT_EQ(read(wire(stream)).error(), "bad header") << stream;
    EXPECT_EQ(read_octetwise(wire(stream)).error(), "bad header") << stream;
  }
  EXPECT_EQ(read(wire("SEND^@")).error(), "bad command");
  EXPECT_EQ(read_octetwise(wire("SEND^@")).error(), "bad command");
}

TEST(Parser, KnowsWhichFramesNeedNoOtherSpelling) {
  const auto is_plain = [](std::string_view line, Version version = Version::v1_2) {
    Limits limits;
    Parser parser(limits);
    parser.set_version(version);
    Frame frame;
    std::string stream = wire("SEND\n" + std::string(line) + "\n\nb:\\^@");
    EXPECT_EQ(parser.next(stream, frame), Parser::Result::frame);
    return frame.plain;
  };
  EXPECT_TRUE(is_plain("a:b\r\nc:d"));
  EXPECT_FALSE(is_plain("a:b:c"));
  EXPECT_FALSE(is_plain(R"(a:\\)"));
  EXPECT_FALSE(is_plain(R"(a:\\)", Version::v1_0));
  EXPECT_FALSE(is_plain("a:b\rc", Version::v1_1));
}

// Bodies.

TEST(Parser, EndsABodyWithoutLengthAtTheFirstNul) {
  const Reader reader = read(wire("SEND\n\na^@\nSEND\n\n^@"));
  ASSERT_THAT(reader.frames(), SizeIs(2));
  EXPECT_EQ(reader.frames()[0].body, "a");
  EXPECT_EQ(reader.frames()[1].body, "");
}

TEST(Parser, ReadsContentLengthOctetsWhateverTheyAre) {
  EXPECT_EQ(only(wire("SEND\ncontent-length:5\n\na^@^@b^@^@")).body, std::string("a\0\0b\0", 5));
  EXPECT_EQ(only(wire("SEND\ncontent-length:0\n\n^@")).body, "");
  EXPECT_EQ(only(wire("SEND\ncontent-length:007\n\näöü!^@")).body, "äöü!");
}

TEST(Parser, LeavesFramesInABodyAlone) {
  const std::string inner = wire("SEND\ndestination:/queue/a\n\nx^@\n");
  EXPECT_EQ(
      only("SEND\ncontent-length:" + std::to_string(inner.size()) + "\n\n" + inner + '\0').body,
      inner);
}

TEST(Parser, ReadsContentLengthOnEveryCommand) {
  for (const char* word : {"BEGIN", "ACK", "NACK", "DISCONNECT", "CONNECT", "FOO"}) {
    const Reader reader = read(wire(std::string(word) + "\ncontent-length:3\n\na^@b^@SEND\n\n^@"));
    EXPECT_THAT(reader.frames(), SizeIs(2)) << word;
    EXPECT_EQ(reader.error(), "") << word;
  }
}

TEST(Parser, RefusesABodyThatIsNotAsLongAsItSays) {
  EXPECT_EQ(error_of(wire("SEND\ncontent-length:2\n\nabc^@")), "bad body");
  EXPECT_EQ(error_of(wire("SEND\ncontent-length:4\n\nabc^@SEND\n\n^@")), "bad body");
}

TEST(Parser, RefusesLengthsThatAreNoNumberOfOctets) {
  for (const char* length : {"five", "-1", "+5", "0x5", "0x10", "1e3", "", " 5", "5 ", "5,5", "5.0",
                             "99999999999999999999x", "５"}) {
    EXPECT_EQ(error_of(wire("SEND\ncontent-length:" + std::string(length) + "\n\nabcde^@")),
              "bad content-length")
        << length;
  }
}

TEST(Parser, RefusesLengthsOverTheLimitHoweverLarge) {
  for (const char* length : {"4294967301", "18446744073709551615", "18446744073709551616",
                             "18446744073709551621", "99999999999999999999999", "4000000000"}) {
    EXPECT_EQ(error_of(wire("SEND\ncontent-length:" + std::string(length) + "\n\nabcde^@")),
              "body too large")
        << length;
  }
}

}  // namespace
}  // namespace romp::stomp
