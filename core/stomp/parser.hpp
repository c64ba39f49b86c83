// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "stomp/frame.hpp"

namespace romp::stomp {

/// What a frame may measure. Checked before memory is taken.
struct Limits {
  std::size_t headers = 64;        ///< lines, at most 250
  std::size_t header_line = 8192;  ///< octets of one line, without its line end
  std::size_t body = std::size_t{16} << 20;
  std::size_t frame = 0;  ///< octets of a whole frame with its NUL; 0: only the limits above
  std::size_t large_body = 16 * 1024;  ///< longer bodies are reported before they are complete
};

/// Finds frames in a stream of octets (STOMP 1.2, "Augmented BNF"), in place.
///
/// A push parser: the caller drops what is consumed, appends what arrives and asks again. It takes
/// no memory and can go on at every octet; what it has looked at in vain it does not look at again.
/// A frame that came in pieces is read twice, once to find its end. Throws ProtocolError; after
/// that the stream has no meaning and the parser no use.
class Parser {
 public:
  enum class Result {
    need_more,   ///< call again with what is not consumed and more behind it
    frame,       ///< `frame` is whole
    large_body,  ///< `frame` has its headers; body_length() octets and a NUL follow
  };

  explicit Parser(const Limits& limits) noexcept : limits_(&limits) {}

  /// The version of the session; decides trimming and escapes. 1.2 until somebody says otherwise.
  void set_version(Version version) noexcept { version_ = version; }
  /// `limits` must live as long as the parser uses them.
  void set_limits(const Limits& limits) noexcept { limits_ = &limits; }

  /// Looks for one frame at the start of `input`. Headers are decoded in place, so `input` is
  /// changed once a frame is found; the frame's views point into it. With need_more `frame` means
  /// nothing. When this throws, it holds the headers that were read, as they were sent.
  Result next(std::span<char> input, Frame& frame);

  /// How much of the input the last call is done with: line ends between frames, the frame itself,
  /// or, with large_body, everything up to the body.
  std::size_t consumed() const noexcept { return consumed_; }

  /// How much of that were line ends before the frame.
  std::size_t skipped() const noexcept { return skipped_; }

  /// With large_body: octets of the body, without its NUL.
  std::size_t body_length() const noexcept { return body_length_; }

  /// True between two pieces of one frame.
  bool in_frame() const noexcept { return scanned_ != 0; }

 private:
  /// What has to come before it is of use to read the frame again.
  enum class Missing : std::uint8_t { command, empty_line, length, nul };

  Result whole(std::span<char> input, Frame& frame);
  const char* command(std::span<char> input, Frame& frame) const;
  const char* headers(const char* line, std::span<char> input, Frame& frame);
  void header(const char* line, const char* colon, const char* end, Frame& frame) const;
  Result body_with_length(std::span<char> input, std::size_t at, Frame& frame);
  Result body_to_nul(std::span<char> input, std::size_t at, Frame& frame);
  Result wait_for(Missing missing, std::span<char> input);
  Result done(std::size_t length, Frame& frame);
  void decode(Frame& frame) const;
  bool has_missing(std::span<char> input);
  bool has_empty_line(std::span<char> input);
  bool has_nul(std::span<char> input);
  void check_body_size(std::size_t size) const;
  void check_frame_size(std::size_t size) const;
  void check_line_size(std::size_t size) const;
  void check_unfinished_line(std::size_t size) const;
  void check_header_count(std::size_t count) const;

  const Limits* limits_;
  std::size_t consumed_ = 0;
  std::size_t skipped_ = 0;
  std::size_t body_length_ = 0;
  std::size_t scanned_ = 0;  ///< octets of this frame looked at in vain
  std::size_t lines_ = 0;    ///< header lines among them
  std::size_t line_ = 0;     ///< where the unfinished header line begins
  std::size_t body_at_ = 0;  ///< where the unfinished body begins
  std::size_t needed_ = 0;   ///< octets of the frame whose length is known
  Missing missing_ = Missing::command;
  Version version_ = Version::v1_2;
  bool escapes_ = false;
};

}  // namespace romp::stomp
