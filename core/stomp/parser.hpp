// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "stomp/frame.hpp"
#include "stomp/specials.hpp"

namespace romp::stomp {

/// What a frame may measure. Checked before memory is taken.
struct Limits {
  std::size_t headers = 64;        ///< at most 250
  std::size_t header_line = 8192;  ///< octets of one line
  std::size_t body = std::size_t{16} << 20;
  std::size_t frame = 0;               ///< octets of a whole frame; 0: only the limits above
  std::size_t large_body = 16 * 1024;  ///< longer bodies are reported before they are complete
};

/// Finds frames in a stream of octets (STOMP 1.2, "Augmented BNF"), in place.
///
/// A push parser: the caller appends what arrives to its buffer and asks again. Takes no memory and
/// can go on at every octet; what it has looked at in vain it does not look at again. A frame that
/// came in pieces is read twice, once to find its end. Throws ProtocolError.
class Parser {
 public:
  enum class Result {
    need_more,   ///< call again with the same octets and more behind them
    frame,       ///< `frame` is whole
    large_body,  ///< `frame` has its headers; a body of body_length() octets and a NUL follow
  };

  explicit Parser(const Limits& limits) noexcept : limits_(&limits) {}

  /// The version of the session; decides trimming and escapes. 1.2 until somebody says otherwise.
  void set_version(Version version) noexcept { version_ = version; }
  void set_limits(const Limits& limits) noexcept { limits_ = &limits; }

  /// Looks for one frame at the start of `input`. Headers are decoded in place, so `input` is
  /// changed once a frame is found; the frame's views point into it.
  Result next(std::span<char> input, Frame& frame);

  /// How much of the input the last call is done with: line ends between frames, the frame itself,
  /// or, with large_body, everything up to the body.
  std::size_t consumed() const noexcept { return consumed_; }

  /// With large_body: octets of the body, without its NUL.
  std::size_t body_length() const noexcept { return body_length_; }

  /// Reads a header block again that `next` reported with large_body.
  void reread(std::span<char> header_block, Frame& frame);

  /// True between two pieces of one frame.
  bool in_frame() const noexcept { return scanned_ != 0 || needed_ != 0; }

 private:
  Result whole(std::span<char> input, Frame& frame);
  Result body(std::span<char> input, std::size_t at, Frame& frame);
  Result body_with_length(std::span<char> input, std::size_t at, Frame& frame);
  Result body_to_nul(std::span<char> input, std::size_t at, Frame& frame);
  Result done(std::size_t length, Frame& frame);
  const char* command(Specials& specials, std::span<char> input, Frame& frame);
  std::size_t headers(Specials& specials, const char* line, std::span<char> input, Frame& frame);
  void header(const char* line, const char* colon, const char* end, Frame& frame) const;
  bool header_end_seen(std::span<char> input);
  bool body_end_seen(std::span<char> input);
  void check_unfinished_headers(std::size_t size) const;
  void check_frame_size(std::size_t size) const;
  void decode(Frame& frame) const;
  void forget() noexcept;

  const Limits* limits_;
  std::size_t consumed_ = 0;
  std::size_t body_length_ = 0;
  std::size_t needed_ = 0;   ///< octets without which it is no use to look again
  std::size_t scanned_ = 0;  ///< octets looked at in vain
  std::uint32_t line_ = 0;   ///< where the unfinished header line begins
  std::uint32_t lines_ = 0;  ///< lines seen before it
  std::size_t body_at_ = 0;  ///< where the unfinished body begins; 0: still in the headers
  Version version_ = Version::v1_2;
  bool escapes_ = false;
};

}  // namespace romp::stomp
