// SPDX-License-Identifier: Apache-2.0
#include "stomp/writer.hpp"

#include <gmock/gmock.h>

#include "unit/stomp/reader.hpp"

namespace romp::stomp {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::SizeIs;
using tests::all_versions;
using tests::read;
using tests::ReadFrame;
using tests::wire;

std::string written(Command command, std::vector<Header> headers, std::string_view body,
                    Version version = Version::v1_2) {
  std::string out;
  append_frame(out, command, headers, body, version);
  return out;
}

/// What a receiver of `version` makes of a frame with that header.
ReadFrame received(Header header, Version version) {
  const auto reader =
      read(written(Command::message, {{"id", "1"}, header}, "body", version), version);
  EXPECT_EQ(reader.error(), "");
  EXPECT_THAT(reader.frames(), SizeIs(1));
  return reader.frames().empty() ? ReadFrame{} : reader.frames().front();
}

TEST(Writer, WritesAFrameWithItsLength) {
  EXPECT_EQ(written(Command::send, {{"destination", "/queue/a"}}, "hello"),
            wire("SEND\ndestination:/queue/a\ncontent-length:5\n\nhello^@"));
}

TEST(Writer, WritesNoLengthWithoutABody) {
  EXPECT_EQ(written(Command::receipt, {{"receipt-id", "1"}}, ""),
            wire("RECEIPT\nreceipt-id:1\n\n^@"));
  EXPECT_EQ(written(Command::error, {}, ""), wire("ERROR\n\n^@"));
}

TEST(Writer, AlwaysWritesTheLengthOfAMessage) {
  EXPECT_EQ(written(Command::message, {}, ""), wire("MESSAGE\ncontent-length:0\n\n^@"));
}

TEST(Writer, TakesTheLengthFromTheBodyWhateverTheHeadersSay) {
  EXPECT_EQ(written(Command::send, {{"content-length", "99"}, {"a", "b"}, {"content-length", "1"}},
                    "hello"),
            wire("SEND\na:b\ncontent-length:5\n\nhello^@"));
  EXPECT_EQ(written(Command::ack, {{"content-length", "4"}}, ""), wire("ACK\n\n^@"));
}

TEST(Writer, AppendsToWhatIsThere) {
  std::string out = "\n";
  append_header(out, "a", "b", Version::v1_2);
  EXPECT_EQ(out, "\na:b\n");
}

TEST(Writer, CountsOctetsNotCharacters) {
  EXPECT_THAT(written(Command::send, {}, "ä😀"), ::testing::HasSubstr("content-length:6\n"));
}

TEST(Writer, EscapesNamesAndValuesFrom11On) {
  for (const Version version : {Version::v1_1, Version::v1_2}) {
    EXPECT_EQ(written(Command::error, {{"a:b", "c\\d\ne"}}, "", version), wire(R"(ERROR
a\cb:c\\d\ne

^@)"));
  }
}

TEST(Writer, NeverEscapesConnectAndConnected) {
  for (const Version version : all_versions) {
    EXPECT_EQ(written(Command::connect, {{"passcode", "a:\\b"}}, "", version),
              wire("CONNECT\npasscode:a:\\b\n\n^@"));
    EXPECT_EQ(written(Command::stomp, {{"passcode", "a:\\b"}}, "", version),
              wire("STOMP\npasscode:a:\\b\n\n^@"));
    EXPECT_EQ(written(Command::connected, {{"server", "a:\\b"}}, "", version),
              wire("CONNECTED\nserver:a:\\b\n\n^@"));
  }
}

TEST(Writer, LetsNoLineFeedInAValueForgeAHeader) {
  for (const Version version : all_versions) {
    const ReadFrame frame = received({"a", "b\nforged:1\n\nbody"}, version);
    EXPECT_THAT(frame.headers,
                ElementsAre(Pair("id", "1"), Pair("a", testing::_), Pair("content-length", "4")));
    EXPECT_EQ(frame.body, "body");
  }
  EXPECT_EQ(received({"a", "b\nc"}, Version::v1_0).headers[1].second, R"(b\nc)");
  EXPECT_EQ(received({"a", "b\nc"}, Version::v1_1).headers[1].second, "b\nc");
  EXPECT_EQ(received({"a", "b\nc"}, Version::v1_2).headers[1].second, "b\nc");
}

TEST(Writer, LetsNoLineFeedForgeAHeaderOfConnected) {
  EXPECT_EQ(written(Command::connected, {{"server", "x\r\nforged:1"}}, ""), wire(R"(CONNECTED
server:x\r\nforged:1

^@)"));
}

TEST(Writer, LetsNoNameForgeAnother) {
  for (const Version version : all_versions) {
    for (const char* name : {"forged:x", "forged:x\n", "a\nforged", "\nforged"}) {
      for (const auto& header : received({name, "v"}, version).headers) {
        EXPECT_NE(header.first, "forged") << name_of(version) << " " << name;
      }
    }
  }
}

TEST(Writer, LetsNoNulEndTheFrame) {
  for (const Version version : all_versions) {
    const ReadFrame frame = received({"a", std::string_view("b\0c", 3)}, version);
    EXPECT_EQ(frame.headers[1].second, "bc");
    EXPECT_EQ(frame.body, "body");
  }
}

TEST(Writer, GivesBackWhatAReceiverOf12Wrote) {
  for (const char* text : {"", " a ", ":", "\\", "\\n", "a\r\nb", "Größe", "\r", "\n"}) {
    EXPECT_EQ(received({"a", text}, Version::v1_2).headers[1].second, text);
  }
}

}  // namespace
}  // namespace romp::stomp
