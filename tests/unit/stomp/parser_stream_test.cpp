// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <random>

#include "stomp/parser.hpp"
#include "unit/stomp/reader.hpp"

namespace romp::stomp {
namespace {

using ::testing::SizeIs;
using tests::read_cut;
using tests::read_octetwise;
using tests::Reader;
using tests::ReadFrame;
using tests::wire;

struct Example {
  const char* name;
  std::string stream;
  Version version = Version::v1_2;
};

void PrintTo(const Example& example, std::ostream* out) { *out << example.name; }

/// Whole streams, good and bad; each is read in every pair of cuts.
std::vector<Example> examples() {
  return {
      {"Minimal", wire("SEND\n\n^@")},
      {"Specification", wire("SEND\ndestination:/queue/a\ncontent-type:text/plain\n\nhello\n^@")},
      {"CrLf", wire("SEND\r\ndestination:/queue/a\r\n\r\nhello\r\n^@\r\n")},
      {"MixedLineEnds", wire("\r\n\nSEND\na:b\r\nc:d\n\r\n\r\n^@\n\r\nACK\r\n\n^@\n")},
      {"Length", wire("SEND\ncontent-length:9\na:b\n\n^@a^@\n^@\r\n^@x^@")},
      {"LengthZero", wire("ACK\nid:1\ncontent-length:0\n\n^@ACK\nid:2\n\n^@")},
      {"LargeBody",
       wire("SEND\nx\\cy:\\\\\ncontent-length:20\n\n0123456789^@bcdefghij^@\nACK\n\n^@")},
      {"TwoLargeBodies", wire("\nSEND\ncontent-length:9\n\n123456789^@\r\nSEND\n"
                              "content-length:9\n\nabcdefghi^@")},
      {"Escapes", wire(R"(SEND
a\cb:\n\\\r\c
c:\\\\

\t^@)")},
      {"Escapes11", wire("SEND\na:\\n\\\\\\c\rx\r\n\n^@"), Version::v1_1},
      {"Padded10", wire("SEND\ndestination: /queue/a \ncontent-length: 2\nb:\\t\n\n^@x^@"),
       Version::v1_0},
      {"Connect", wire("CONNECT\nlogin: me\npasscode:a\\b\n\n^@\nSEND\na:b\n\n^@")},
      {"Utf8", wire("SEND\nä:😀\n\nö^@")},
      {"BadWord", wire("ACK\n\n^@SE ND\n\n^@")},
      {"BadWordCr", wire("SEND\r\r\n\n^@")},
      {"LoneCr", wire("SEND\na:b\rc\n\n^@")},
      {"LoneCrLineEnd", wire("SEND\n\n^@\r\rSEND\n\n^@")},
      {"NoColon", wire("ACK\n\n^@SEND\na:b\ncd\n\n^@")},
      {"NoName", wire("SEND\n:b\n\n^@")},
      {"NulInHeaders", wire("SEND\na:b^@c\n\n^@")},
      {"NotUtf8", wire("SEND\nabc:\xc3\x28\n\n^@")},
      {"BadEscape", wire("SEND\na:b\\t\n\n^@ACK\n\n^@")},
      {"BadLength", wire("SEND\ncontent-length:1x\n\na^@")},
      {"TooLong", wire("SEND\ncontent-length:70\n\na^@")},
      {"NoNulAfterLength", wire("SEND\ncontent-length:2\n\nabc^@")},
      {"NoNulAfterLargeBody", wire("SEND\ncontent-length:10\n\n0123456789a^@")},
      {"LongLine", wire("SEND\na:b\nc:0123456789012345678901234567890123456789\n\n^@")},
      {"ManyHeaders", wire("SEND\na:\nb:\nc:\nd:\ne:\nf:\n\n^@")},
      {"Unfinished", wire("SEND\na:b\n\n^@\nSEND\ncontent-length:5\n\nab")},
      {"UnfinishedHeaders", wire("\r\nSEND\na:b\r")},
  };
}

Limits example_limits() {
  Limits limits;
  limits.headers = 5;
  limits.header_line = 32;
  limits.body = 64;
  limits.large_body = 8;
  return limits;
}

class EveryExample : public ::testing::TestWithParam<Example> {
 protected:
  Reader cut(const std::vector<std::size_t>& cuts) const {
    return read_cut(GetParam().stream, cuts, example_limits(), GetParam().version);
  }
  void expect_same(const std::vector<std::size_t>& cuts) const {
    const Reader pieces = cut(cuts);
    const bool same = pieces.frames() == whole_.frames() && pieces.error() == whole_.error() &&
                      (!whole_.error().empty() || pieces.held() == whole_.held());
    EXPECT_TRUE(same) << "cut at " << ::testing::PrintToString(cuts) << ": "
                      << pieces.frames().size() << " frames, " << pieces.error() << " instead of "
                      << whole_.frames().size() << " frames, " << whole_.error();
  }

  const Reader whole_ = cut({});
};

TEST_P(EveryExample, IsGoodOrBadAsItsNameSays) {
  const std::string name = GetParam().name;
  const bool bad = name.starts_with("Bad") || name.starts_with("No") || name.starts_with("Lone") ||
                   name.starts_with("Too") || name == "LongLine" || name == "ManyHeaders" ||
                   name.starts_with("Nul");
  EXPECT_EQ(bad, !whole_.error().empty()) << whole_.error();
}

TEST_P(EveryExample, GivesTheSameFramesCutAnywhere) {
  for (std::size_t i = 0; i <= GetParam().stream.size(); ++i) expect_same({i});
}

TEST_P(EveryExample, GivesTheSameFramesInEveryPairOfCuts) {
  const std::size_t size = GetParam().stream.size();
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = i; j < size; ++j) expect_same({i, j});
  }
}

TEST_P(EveryExample, GivesTheSameFramesOctetByOctet) {
  std::vector<std::size_t> cuts(GetParam().stream.size());
  for (std::size_t i = 0; i < cuts.size(); ++i) cuts[i] = i;
  expect_same(cuts);
}

INSTANTIATE_TEST_SUITE_P(Parser, EveryExample, ::testing::ValuesIn(examples()),
                         [](const auto& param) { return param.param.name; });

/// Makes frames at random, always the same.
class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t n) { return random_() % n; }
  const char* one_of(std::initializer_list<const char*> choices) {
    return choices.begin()[below(choices.size())];
  }

  /// Appends a frame to `wire` and what it means to `frames`.
  void add_frame(std::string& wire, std::vector<ReadFrame>& frames) {
    for (std::size_t i = below(3); i != 0; --i) wire += line_end();
    ReadFrame frame{one_of({"SEND", "ACK", "SUBSCRIBE", "FOO-2"}), {}, ""};
    wire += frame.word + line_end();
    for (std::size_t i = below(6); i != 0; --i) add_header(wire, frame);
    add_body(wire, frame);
    frames.push_back(frame);
  }

 private:
  const char* line_end() { return one_of({"\n", "\n", "\r\n"}); }

  void add_header(std::string& wire, ReadFrame& frame) {
    static constexpr std::pair<const char*, const char*> texts[] = {{"destination", "destination"},
                                                                    {"a", "a"},
                                                                    {"\\c\\n", ":\n"},
                                                                    {"Ä\\\\", "Ä\\"},
                                                                    {" ", " "}};
    const auto& name = texts[below(std::size(texts))];
    const auto& value = texts[below(std::size(texts))];
    wire += std::string(name.first) + ":" + value.first + line_end();
    frame.headers.emplace_back(name.second, value.second);
  }

  void add_body(std::string& wire, ReadFrame& frame) {
    const bool with_length = below(2) == 0;
    for (std::size_t i = below(60); i != 0; --i) {
      frame.body += with_length ? static_cast<char>(random_()) : *one_of({"x", "\n", "\r", "\\"});
    }
    if (with_length) {
      const std::string length = std::to_string(frame.body.size());
      wire += "content-length:" + length + line_end();
      frame.headers.emplace_back("content-length", length);
    }
    wire += line_end() + frame.body + '\0';
  }

  std::minstd_rand random_;
};

TEST(Parser, GivesRandomFramesBackHoweverTheyAreCut) {
  Limits limits;
  limits.large_body = 32;
  Generator generator(20260101);
  for (int round = 0; round < 2000; ++round) {
    std::string stream;
    std::vector<ReadFrame> frames;
    for (std::size_t i = 1 + generator.below(8); i != 0; --i) generator.add_frame(stream, frames);
    std::vector<std::size_t> cuts;
    for (std::size_t at = generator.below(40); at < stream.size(); at += generator.below(40)) {
      cuts.push_back(at);
    }
    const Reader whole = read_cut(stream, {}, limits);
    const Reader pieces = read_cut(stream, cuts, limits);
    ASSERT_EQ(whole.error(), "") << whole.detail() << " in round " << round;
    ASSERT_EQ(pieces.error(), "") << pieces.detail() << " in round " << round;
    ASSERT_TRUE(whole.frames() == frames) << "round " << round;
    ASSERT_TRUE(pieces.frames() == frames) << "round " << round;
  }
}

TEST(Parser, GivesTheSameErrorForDamagedFramesHoweverTheyAreCut) {
  Limits limits;
  limits.large_body = 32;
  Generator generator(20260102);
  for (int round = 0; round < 5000; ++round) {
    std::string stream;
    std::vector<ReadFrame> frames;
    for (int i = 0; i < 3; ++i) generator.add_frame(stream, frames);
    stream[generator.below(stream.size())] =
        *generator.one_of({"\n", "\r", ":", "\\", "0", "\xff"});
    const Reader whole = read_cut(stream, {}, limits);
    const Reader octets = read_octetwise(stream, limits);
    ASSERT_TRUE(whole.frames() == octets.frames()) << "round " << round;
    ASSERT_EQ(whole.error().empty(), octets.error().empty()) << "round " << round;
  }
}

TEST(Parser, ReadsTenThousandFramesFromOneBuffer) {
  std::string stream;
  for (int i = 0; i < 10'000; ++i) {
    stream += wire("SEND\ndestination:/queue/a\ncontent-length:2\n\na^@^@\n");
  }
  const Reader reader = read_cut(stream, {});
  EXPECT_EQ(reader.error(), "");
  EXPECT_THAT(reader.frames(), SizeIs(10'000));
  EXPECT_EQ(reader.frames().front(), reader.frames().back());
  EXPECT_EQ(reader.held(), 0U);
}

/// Quadratic work would take hours here.
TEST(Parser, IsNotSlowedByAClientThatSendsOctetByOctet) {
  Limits limits;
  limits.headers = 250;
  limits.header_line = 100'000;
  std::string stream = "SEND\n";
  for (int i = 0; i < 250; ++i) stream += "a:" + std::string(20'000, 'x') + "\r\n";
  stream += "\n" + std::string(10'000'000, 'y') + '\0';
  Parser parser(limits);
  Frame frame;
  for (std::size_t size = 1; size < stream.size(); ++size) {
    ASSERT_EQ(parser.next(std::span(stream).first(size), frame), Parser::Result::need_more);
  }
  ASSERT_EQ(parser.next(stream, frame), Parser::Result::frame);
  EXPECT_THAT(frame.headers(), SizeIs(250));
  EXPECT_EQ(frame.body().size(), 10'000'000U);
}

}  // namespace
}  // namespace romp::stomp
