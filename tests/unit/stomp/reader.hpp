// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stomp/frame.hpp"
#include "stomp/parser.hpp"

namespace romp::tests {

inline constexpr stomp::Version all_versions[] = {stomp::Version::v1_0, stomp::Version::v1_1,
                                                  stomp::Version::v1_2};

/// A frame with memory of its own, to compare.
struct ReadFrame {
  std::string word;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  bool operator==(const ReadFrame&) const = default;
};

/// Reads a stream piece by piece as a session does: keeps what is unfinished in a block of exactly
/// its size, and takes large bodies apart. Aborts when the parser breaks a promise.
class Reader {
 public:
  explicit Reader(const stomp::Limits& limits = {}, stomp::Version version = stomp::Version::v1_2);

  /// After an error it ignores what comes.
  void feed(std::string_view piece);

  const std::vector<ReadFrame>& frames() const { return frames_; }
  /// The `message` of the ERROR frame; empty while there is none.
  const std::string& error() const { return error_; }
  const std::string& detail() const { return detail_; }
  /// Octets of an unfinished frame, or of half a line end.
  std::size_t held() const { return block_.size() - start_ + large_.size(); }

 private:
  bool step();
  bool finish_large();
  ReadFrame copy_of_frame(std::string_view octets) const;
  std::span<char> held_octets() { return std::span(block_).subspan(start_); }

  std::unique_ptr<const stomp::Limits> limits_;
  stomp::Parser parser_;
  stomp::Frame frame_;
  std::vector<char> block_;  ///< ends where the stream so far ends
  std::size_t start_ = 0;    ///< of what is not consumed
  ReadFrame head_;           ///< of a large frame whose body is not whole
  std::string large_;
  std::size_t large_size_ = 0;
  std::vector<ReadFrame> frames_;
  std::string error_;
  std::string detail_;
};

/// All of `stream`, cut before each of the `cuts`, which rise.
Reader read_cut(std::string_view stream, const std::vector<std::size_t>& cuts,
                const stomp::Limits& limits = {}, stomp::Version version = stomp::Version::v1_2);

/// All of `stream` in one piece.
Reader read(std::string_view stream, stomp::Version version = stomp::Version::v1_2);

Reader read_octetwise(std::string_view stream, const stomp::Limits& limits = {},
                      stomp::Version version = stomp::Version::v1_2);

/// `text` with NUL octets where it says ^@, as in the specification.
std::string wire(std::string_view text);

}  // namespace romp::tests
