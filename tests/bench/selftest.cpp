// SPDX-License-Identifier: Apache-2.0
// Does the load generator notice what a broker may do wrong?
#include <gtest/gtest.h>

#include <vector>

#include "failure.hpp"
#include "frame_writer.hpp"
#include "histogram.hpp"
#include "verifier.hpp"

namespace romp::bench {
namespace {

constexpr std::size_t body_size = 100;
constexpr std::uint32_t source = 7;

/// Messages 0 to 9 of one lane, which a test may spoil before the verifier sees them.
class VerifierTest : public testing::Test {
 protected:
  VerifierTest() {
    for (std::uint64_t i = 0; i < 10; ++i) bodies_.push_back(make_body(i, source));
  }

  std::string make_body(std::uint64_t sequence, std::uint32_t from) const {
    std::string octets(body_.size(), '\0');
    body_.write(octets.data(), {sequence, from, 1234});
    return octets;
  }

  bool show(const std::string& body, std::string_view subscription = "0",
            std::string_view destination = "/queue/a", std::string_view message_id = "m-1") {
    Frame frame;
    frame.subscription = subscription;
    frame.destination = destination;
    frame.message_id = message_id;
    frame.body = body;
    return verifier_.on_message(frame, stamp_);
  }

  Faults show_all() {
    for (const std::string& body : bodies_) show(body);
    return verifier_.faults(10);
  }

  Body body_{body_size};
  Verifier verifier_{"0", "/queue/a", source, body_};
  std::vector<std::string> bodies_;
  Stamp stamp_;
};

TEST_F(VerifierTest, FindsNoFaultInWhatComesOnceInOrderAndWhole) {
  EXPECT_FALSE(show_all().any());
  EXPECT_EQ(verifier_.received(), 10u);
  EXPECT_EQ(stamp_.sequence, 9u);
  EXPECT_EQ(stamp_.due_ns, 1234);
}

TEST_F(VerifierTest, NoticesALostMessage) {
  bodies_.erase(bodies_.begin() + 4);
  const Faults faults = show_all();
  EXPECT_EQ(faults.lost, 1u);
  EXPECT_EQ(faults.disordered + faults.doubled + faults.corrupt + faults.stray, 0u);
}

TEST_F(VerifierTest, NoticesThatTheLastMessagesAreLost) {
  bodies_.resize(7);
  EXPECT_EQ(show_all().lost, 3u);
}

TEST_F(VerifierTest, NoticesADoubledMessageAtOnceAndLater) {
  bodies_.insert(bodies_.begin() + 4, bodies_[4]);
  bodies_.push_back(bodies_[0]);
  const Faults faults = show_all();
  EXPECT_EQ(faults.doubled, 2u);
  EXPECT_EQ(faults.lost + faults.disordered, 0u);
}

TEST_F(VerifierTest, NoticesSwappedMessages) {
  std::swap(bodies_[4], bodies_[5]);
  const Faults faults = show_all();
  EXPECT_EQ(faults.disordered, 1u);
  EXPECT_EQ(faults.lost + faults.doubled, 0u);
}

TEST_F(VerifierTest, NoticesThatALateMessageComesTwice) {
  std::swap(bodies_[4], bodies_[5]);
  bodies_.push_back(bodies_[5]);
  EXPECT_EQ(show_all().doubled, 1u);
}

TEST_F(VerifierTest, NoticesEveryDamagedBit) {
  for (std::size_t bit = 0; bit < 8 * body_size; ++bit) {
    Verifier fresh("0", "/queue/a", source, body_);
    std::string damaged = bodies_[0];
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    Frame frame{Frame::Kind::message, "0", "m-1", "/queue/a", {}, {}, {}, damaged};
    fresh.on_message(frame, stamp_);
    EXPECT_EQ(fresh.faults(0).corrupt, 1u) << "bit " << bit;
  }
}

TEST_F(VerifierTest, NoticesShortAndLongBodies) {
  bodies_[3].pop_back();
  bodies_[4] += 'x';
  bodies_[5].clear();
  EXPECT_EQ(show_all().corrupt, 3u);
}

TEST_F(VerifierTest, NoticesAMixtureOfTwoBodies) {
  bodies_[4].replace(body_size / 2, std::string::npos, bodies_[5].substr(body_size / 2));
  EXPECT_EQ(show_all().corrupt, 1u);
}

TEST_F(VerifierTest, NoticesWhatBelongsToOthers) {
  EXPECT_FALSE(show(bodies_[0], "1"));
  EXPECT_FALSE(show(bodies_[0], "0", "/queue/b"));
  EXPECT_FALSE(show(make_body(0, source + 1)));
  EXPECT_EQ(verifier_.faults(0).stray, 3u);
}

TEST_F(VerifierTest, NoticesAMissingMessageId) {
  show(bodies_[0], "0", "/queue/a", "");
  EXPECT_EQ(verifier_.faults(1).corrupt, 1u);
}

TEST(Sequence, CountsWhatIsMissingWhileGapsOpenAndClose) {
  Sequence sequence;
  EXPECT_EQ(sequence.arrive(5), Sequence::Arrival::early);
  EXPECT_EQ(sequence.missing(6), 5u);
  EXPECT_EQ(sequence.arrive(2), Sequence::Arrival::late);
  EXPECT_EQ(sequence.arrive(2), Sequence::Arrival::again);
  EXPECT_EQ(sequence.missing(6), 4u);
  for (const std::uint64_t number : {0u, 1u, 4u, 3u}) {
    EXPECT_EQ(sequence.arrive(number), Sequence::Arrival::late);
  }
  EXPECT_EQ(sequence.missing(6), 0u);
  EXPECT_EQ(sequence.missing(8), 2u);
  EXPECT_EQ(sequence.arrive(6), Sequence::Arrival::expected);
}

std::string message_frame(std::string_view body) {
  std::string octets("MESSAGE\nsubscription:0\nmessage-id:12\ndestination:/queue/a\nextra:x\n");
  octets += "ack:12\nsubscription:9\ncontent-length:" + std::to_string(body.size()) + "\n\n";
  return octets.append(body) + '\0';
}

TEST(FrameReader, TakesFramesOffOneAfterTheOther) {
  const std::string body("line\nline\n\nNUL \0 in the body", 28);
  const std::string octets = message_frame(body) + "\n\r\nRECEIPT\r\nreceipt-id:5\r\n\r\n" + '\0';
  std::string_view rest = octets;
  Frame frame;
  FrameReader reader;
  ASSERT_TRUE(reader.next(rest, frame));
  EXPECT_EQ(frame.kind, Frame::Kind::message);
  EXPECT_EQ(frame.subscription, "0") << "the first of two equal headers counts";
  EXPECT_EQ(frame.message_id, "12");
  EXPECT_EQ(frame.destination, "/queue/a");
  EXPECT_EQ(frame.ack, "12");
  EXPECT_EQ(frame.body, body);
  ASSERT_TRUE(reader.next(rest, frame));
  EXPECT_EQ(frame.kind, Frame::Kind::receipt);
  EXPECT_EQ(frame.receipt_id, "5");
  EXPECT_TRUE(rest.empty());
  EXPECT_FALSE(reader.next(rest, frame));
}

TEST(FrameReader, LeavesAnUnfinishedFrameWhereItIs) {
  const std::string whole = message_frame(std::string(200, '\n'));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string piece = whole.substr(0, size);
    std::string_view rest = piece;
    Frame frame;
    FrameReader reader;
    EXPECT_FALSE(reader.next(rest, frame)) << "of " << size << " octets";
    EXPECT_EQ(rest.size(), size);
  }
}

std::string short_frame(int subscription, int id, std::string_view destination,
                        std::string_view body) {
  std::string octets("MESSAGE\nsubscription:" + std::to_string(subscription));
  octets += "\nmessage-id:" + std::to_string(id) + "\ndestination:";
  octets.append(destination) += "\ncontent-length:" + std::to_string(body.size()) + "\n\n";
  return octets.append(body) + '\0';
}

// What it recognises by comparing must be what it would have parsed.
TEST(FrameReader, ReadsHeadsThatAreAlikeAndHeadsThatDifferEqually) {
  FrameReader one;
  for (int i = 0; i < 400; ++i) {
    const bool differs = i % 7 == 3;
    const std::string body(differs ? 5 : 3, static_cast<char>('a' + i % 26));
    const std::string octets = short_frame(i % 50 / 40, i * 37, differs ? "/a" : "/queue/b", body);
    for (const std::size_t cut : {octets.size() / 2, octets.size() - 1}) {
      std::string_view piece = std::string_view(octets).substr(0, cut);
      Frame unfinished;
      ASSERT_FALSE(one.next(piece, unfinished));
    }
    std::string_view rest = octets;
    Frame frame;
    ASSERT_TRUE(one.next(rest, frame));
    EXPECT_TRUE(rest.empty());
    EXPECT_EQ(frame.kind, Frame::Kind::message);
    EXPECT_EQ(frame.subscription, std::to_string(i % 50 / 40));
    EXPECT_EQ(frame.message_id, std::to_string(i * 37));
    EXPECT_EQ(frame.destination, differs ? "/a" : "/queue/b");
    EXPECT_EQ(frame.body, body);
  }
}

TEST(FrameReader, RefusesWhatIsNotStomp) {
  for (const std::string text : {"HTTP/1.1 400 Bad Request\r\n", "MESSAGE\ncontent-length:x\n\nabc",
                                 "MESSAGE\ncontent-length:1\n\nabc"}) {
    std::string_view rest = text;
    Frame frame;
    FrameReader reader;
    EXPECT_THROW(reader.next(rest, frame), Failure) << text;
  }
}

TEST(SendWriter, WritesAFrameWithStampAndReceipt) {
  const Body body(40);
  Bytes octets;
  SendWriter("/queue/a", body, true).write(octets, {123, 1, 2});
  std::string expected("SEND\ndestination:/queue/a\ncontent-length:40\nreceipt:000000000123\n\n");
  const std::size_t head = expected.size();
  expected.resize(head + 41);
  body.write(expected.data() + head, {123, 1, 2});
  EXPECT_EQ(octets.view(), expected);
}

TEST(Bytes, KeepWhatIsInsideWhileTheyGrowAndShrink) {
  Bytes bytes;
  std::string model;
  for (std::size_t i = 1; i < 2000; ++i) {
    const std::string piece(i % 97, static_cast<char>('a' + i % 26));
    bytes.append(piece);
    model += piece;
    const std::size_t gone = std::min(model.size(), i % 101);
    bytes.drop_front(gone);
    model.erase(0, gone);
    ASSERT_EQ(bytes.view(), model);
  }
}

TEST(Histogram, TellsQuantilesToTwoPercent) {
  Histogram histogram;
  for (std::int64_t us = 1; us <= 10'000; ++us) histogram.add(us * 1000);
  EXPECT_NEAR(histogram.quantile_us(0.5), 5000, 100);
  EXPECT_NEAR(histogram.quantile_us(0.99), 9900, 200);
  EXPECT_DOUBLE_EQ(histogram.quantile_us(1), 10'000);
  EXPECT_DOUBLE_EQ(histogram.max_us(), 10'000);
}

}  // namespace
}  // namespace romp::bench
