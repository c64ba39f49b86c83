// SPDX-License-Identifier: Apache-2.0
#include "stomp/frame.hpp"

#include <gmock/gmock.h>

namespace romp::stomp {

void PrintTo(const Header& header, std::ostream* out) {
  *out << header.name << ':' << header.value;
}

namespace {

using ::testing::_;
using ::testing::ElementsAre;
using ::testing::FieldsAre;
using ::testing::IsEmpty;

constexpr std::pair<std::string_view, Command> commands[] = {
    {"CONNECT", Command::connect},
    {"STOMP", Command::stomp},
    {"SEND", Command::send},
    {"SUBSCRIBE", Command::subscribe},
    {"UNSUBSCRIBE", Command::unsubscribe},
    {"ACK", Command::ack},
    {"NACK", Command::nack},
    {"BEGIN", Command::begin},
    {"COMMIT", Command::commit},
    {"ABORT", Command::abort},
    {"DISCONNECT", Command::disconnect},
    {"CONNECTED", Command::connected},
    {"MESSAGE", Command::message},
    {"RECEIPT", Command::receipt},
    {"ERROR", Command::error},
};

constexpr std::pair<std::string_view, Name> names[] = {
    {"accept-version", Name::accept_version},
    {"ack", Name::ack},
    {"content-length", Name::content_length},
    {"content-type", Name::content_type},
    {"destination", Name::destination},
    {"durable", Name::durable},
    {"expiration", Name::expiration},
    {"expires", Name::expires},
    {"heart-beat", Name::heart_beat},
    {"host", Name::host},
    {"id", Name::id},
    {"login", Name::login},
    {"message-id", Name::message_id},
    {"passcode", Name::passcode},
    {"persistent", Name::persistent},
    {"prefetch-count", Name::prefetch_count},
    {"priority", Name::priority},
    {"receipt", Name::receipt},
    {"redelivered", Name::redelivered},
    {"reply-to", Name::reply_to},
    {"requeue", Name::requeue},
    {"selector", Name::selector},
    {"subscription", Name::subscription},
    {"transaction", Name::transaction},
};

TEST(Command, IsKnownByItsWordAndBack) {
  for (const auto& [word, command] : commands) {
    EXPECT_EQ(command_of(word), command);
    EXPECT_EQ(name_of(command), word);
  }
  EXPECT_EQ(name_of(Command::unknown), "");
}

TEST(Command, IsUnknownUnlessTheWordIsExact) {
  for (const char* word : {"", "send", "Send", "SEN", "SENDX", " SEND", "UNSUB", "MESSAGES"}) {
    EXPECT_EQ(command_of(word), Command::unknown) << word;
  }
}

TEST(HeaderName, IsKnownByItsText) {
  ASSERT_EQ(std::size(names), static_cast<std::size_t>(Name::count_));
  for (const auto& [text, name] : names) EXPECT_EQ(classify(text), name) << text;
}

TEST(HeaderName, IsUnknownWithOneOctetChangedMoreOrLess) {
  for (const auto& [text, name] : names) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      std::string other(text);
      other[i] = static_cast<char>(other[i] - 32);
      EXPECT_EQ(classify(other), Name::other) << other;
    }
    EXPECT_EQ(classify(std::string(text) + "s"), Name::other);
    EXPECT_EQ(classify(text.substr(1)), Name::other);
  }
  EXPECT_EQ(classify(""), Name::other);
}

TEST(Frame, FindsTheFirstOfRepeatedHeaders) {
  Frame frame;
  frame.append("receipt", "a");
  frame.append("x", "1");
  frame.append("receipt", "b");
  frame.append("x", "2");
  EXPECT_EQ(frame.find(Name::receipt), "a");
  EXPECT_EQ(frame.find("receipt"), "a");
  EXPECT_EQ(frame.find("x"), "1");
}

TEST(Frame, TellsAnAbsentHeaderFromAnEmptyOne) {
  Frame frame;
  frame.append("receipt", "");
  EXPECT_TRUE(frame.has(Name::receipt));
  EXPECT_NE(frame.find(Name::receipt).data(), nullptr);
  EXPECT_FALSE(frame.has(Name::id));
  EXPECT_EQ(frame.find(Name::id).data(), nullptr);
  EXPECT_EQ(frame.find("nothing").data(), nullptr);
}

TEST(Frame, ReplacesAllHeadersOfANameByOneInTheFirstsPlace) {
  Frame frame;
  frame.append("a", "1");
  frame.append("id", "x");
  frame.append("a", "2");
  frame.append("receipt", "r");
  frame.set("a", "3");
  EXPECT_THAT(frame.headers(), ElementsAre(FieldsAre("a", "3", _), FieldsAre("id", "x", _),
                                           FieldsAre("receipt", "r", _)));
  EXPECT_EQ(frame.find(Name::id), "x");
  EXPECT_EQ(frame.find(Name::receipt), "r");
}

TEST(Frame, AddsAHeaderThatWasNotThere) {
  Frame frame;
  frame.set("id", "1");
  frame.set("other", "2");
  EXPECT_THAT(frame.headers(), ElementsAre(FieldsAre("id", "1", _), FieldsAre("other", "2", _)));
  EXPECT_EQ(frame.find(Name::id), "1");
}

TEST(Frame, CopiesWhatItIsGiven) {
  Frame frame;
  std::string name = "id";
  std::string value = "1";
  std::string body = "body";
  frame.set(name, value);
  frame.set_body(body);
  name = value = body = "?????";
  EXPECT_EQ(frame.find(Name::id), "1");
  EXPECT_EQ(frame.body(), "body");
}

TEST(Frame, CanSetAHeaderFromItsOwnText) {
  Frame frame;
  frame.set("id", "1");
  frame.set("id", frame.find("id"));
  frame.set(frame.headers().front().name, "2");
  EXPECT_THAT(frame.headers(), ElementsAre(FieldsAre("id", "2", _)));
}

TEST(Frame, RemovesAllHeadersOfAName) {
  Frame frame;
  frame.append("id", "1");
  frame.append("ack", "a");
  frame.append("id", "2");
  EXPECT_TRUE(frame.remove("id"));
  EXPECT_FALSE(frame.remove("id"));
  EXPECT_FALSE(frame.has(Name::id));
  EXPECT_EQ(frame.find(Name::ack), "a");
}

TEST(Frame, KeepsTextWhereItIsUntilItIsCleared) {
  Frame frame;
  const std::string_view first = frame.keep("first");
  for (int i = 0; i < 1000; ++i) frame.keep(std::to_string(i));
  EXPECT_EQ(first, "first");
}

TEST(Frame, OutlivesTheBufferOnceItOwnsEverything) {
  std::string buffer = "SEND id 1 body";
  const std::string_view text = buffer;
  Frame frame;
  frame.word = text.substr(0, 4);
  frame.append(text.substr(5, 2), text.substr(8, 1));
  frame.body_is(text.substr(10));
  frame.own_everything();
  buffer.assign(buffer.size(), '?');
  EXPECT_EQ(frame.word, "SEND");
  EXPECT_EQ(frame.find(Name::id), "1");
  EXPECT_EQ(frame.body(), "body");
}

TEST(Frame, LeavesNoPasscodeInTheBufferOnceItOwnsEverything) {
  std::string buffer = "ann hunter2";
  const std::string_view text = buffer;
  Frame frame;
  frame.append("login", text.substr(0, 3));
  frame.append("passcode", text.substr(4));
  frame.own_everything();
  EXPECT_EQ(buffer, "ann " + std::string(7, '\0'));
  EXPECT_EQ(frame.find(Name::passcode), "hunter2");
  frame.wipe_passcode();
  EXPECT_EQ(frame.find(Name::passcode), std::string(7, '\0'));
}

TEST(Frame, CanBeMovedWithEverythingItOwns) {
  Frame frame;
  frame.command = Command::send;
  frame.set("id", "1");
  frame.set_body("body");
  const Frame moved = std::move(frame);
  EXPECT_EQ(moved.command, Command::send);
  EXPECT_EQ(moved.find(Name::id), "1");
  EXPECT_EQ(moved.body(), "body");
}

class Watched : public base::Shared {
 public:
  explicit Watched(bool& gone) : gone_(gone) {}
  ~Watched() override { gone_ = true; }

 private:
  bool& gone_;
};

TEST(Frame, HoldsTheOwnerOfItsBodyUntilItIsClearedOrHasAnother) {
  bool gone = false;
  Frame frame;
  frame.body_is("large", base::Ptr<base::Shared>(new Watched(gone)));
  frame.own_everything();
  EXPECT_EQ(frame.body(), "large");
  EXPECT_FALSE(gone);
  frame.clear();
  EXPECT_TRUE(gone);

  gone = false;
  frame.body_is("large", base::Ptr<base::Shared>(new Watched(gone)));
  frame.set_body("small");
  EXPECT_TRUE(gone);
}

TEST(Frame, IsEmptyOnceCleared) {
  Frame frame;
  frame.command = Command::send;
  frame.word = "SEND";
  frame.set("a:b", "1");
  frame.set("id", "1");
  frame.set_body("body");
  frame.clear();
  EXPECT_EQ(frame.command, Command::unknown);
  EXPECT_EQ(frame.word, "");
  EXPECT_TRUE(frame.plain);
  EXPECT_THAT(frame.headers(), IsEmpty());
  EXPECT_FALSE(frame.has(Name::id));
  EXPECT_EQ(frame.body(), "");
}

TEST(Frame, IsNoLongerPlainOnceAHeaderIsNot) {
  const std::string nul(1, '\0');
  for (const std::string& text :
       {std::string("a:b"), std::string("a\n"), std::string("\r"), std::string("\\"), nul}) {
    Frame by_name;
    by_name.set(text, "");
    EXPECT_FALSE(by_name.plain) << text;
    Frame by_value;
    by_value.set("a", text);
    EXPECT_FALSE(by_value.plain) << text;
  }
  Frame frame;
  frame.set("a b", "ä/;,");
  EXPECT_TRUE(frame.plain);
}

TEST(Frame, FindsKnownHeadersBehindThousandsOfOthers) {
  Frame frame;
  for (int i = 0; i < 3000; ++i) frame.append("x", "");
  frame.append("id", "1");
  frame.append("receipt", "2");
  EXPECT_EQ(frame.find(Name::id), "1");
  EXPECT_TRUE(frame.remove("x"));
  EXPECT_EQ(frame.find(Name::receipt), "2");
}

TEST(Version, HasAName) {
  EXPECT_EQ(name_of(Version::v1_0), "1.0");
  EXPECT_EQ(name_of(Version::v1_1), "1.1");
  EXPECT_EQ(name_of(Version::v1_2), "1.2");
}

}  // namespace
}  // namespace romp::stomp
