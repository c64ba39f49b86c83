// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "stomp/parser.hpp"
#include "stomp/writer.hpp"
#include "unit/stomp/reader.hpp"

namespace {

using namespace romp::stomp;
using romp::tests::read_cut;
using romp::tests::read_octetwise;
using romp::tests::Reader;
using romp::tests::ReadFrame;

void must(bool promise) {
  if (!promise) std::abort();
}

/// What the three octets before the stream say.
struct Plan {
  Version version;
  Limits limits;
  std::size_t longest_piece;

  explicit Plan(const std::uint8_t* octets) {
    version = static_cast<Version>(octets[0] % 3);
    const auto says = [&](int bit) { return (octets[1] >> bit & 1) != 0; };
    if (says(0)) limits.headers = 3;
    if (says(1)) limits.header_line = 16;
    if (says(2)) limits.body = 32;
    if (says(3)) limits.frame = 48;
    if (says(4)) limits.large_body = 4;
    longest_piece = octets[2] + std::size_t{1};
  }
};

std::vector<std::size_t> cuts_of(std::size_t size, std::size_t longest_piece) {
  std::vector<std::size_t> cuts;
  std::size_t piece = longest_piece;
  for (std::size_t at = piece; at < size; at += piece) {
    cuts.push_back(at);
    piece = 1 + (piece * 7 + 3) % longest_piece;
  }
  return cuts;
}

/// Ends what may be the headers of an unfinished frame: of a frame that comes in pieces, mistakes
/// in the headers are seen only then.
Reader finished(Reader reader) {
  reader.feed({"\n\n\0", 3});
  return reader;
}

void expect_same(const Reader& a, const Reader& b) {
  must(a.frames() == b.frames());
  must(a.error().empty() == b.error().empty());
  must(!a.error().empty() || a.held() == b.held());
}

/// 1.0 trims and cannot spell everything, 1.1 has no escape for CR.
bool can_be_written(const ReadFrame& frame, Version version) {
  if (version == Version::v1_0 || command_of(frame.word) == Command::unknown) return false;
  const auto has_cr = [](const auto& h) { return (h.first + h.second).find('\r') != h.first.npos; };
  return version == Version::v1_2 || std::ranges::none_of(frame.headers, has_cr);
}

ReadFrame without_length(ReadFrame frame) {
  std::erase_if(frame.headers, [](const auto& h) { return h.first == "content-length"; });
  return frame;
}

void write_and_read_again(const ReadFrame& frame, Version version) {
  std::vector<Header> headers;
  for (const auto& [name, value] : frame.headers) headers.push_back({name, value});
  std::string out;
  append_frame(out, command_of(frame.word), headers, frame.body, version);
  Limits wide;
  wide.headers = 250;
  wide.header_line = 64 * 1024;
  const Reader again = read_cut(out, {}, wide, version);
  must(again.error().empty() && again.frames().size() == 1);
  must(without_length(again.frames().front()) == without_length(frame));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
  constexpr std::size_t octets_of_plan = 3;
  if (size < octets_of_plan) return 0;
  const Plan plan(octets);
  const std::string_view stream(reinterpret_cast<const char*>(octets) + octets_of_plan,
                                size - octets_of_plan);
  const auto [version, limits, longest_piece] = plan;
  const Reader whole = finished(read_cut(stream, {}, limits, version));
  const auto cuts = cuts_of(stream.size(), longest_piece);
  expect_same(whole, finished(read_cut(stream, cuts, limits, version)));
  if (stream.size() < 512) expect_same(whole, finished(read_octetwise(stream, limits, version)));
  for (const ReadFrame& frame : whole.frames()) {
    if (can_be_written(frame, version)) write_and_read_again(frame, version);
  }
  return 0;
}
