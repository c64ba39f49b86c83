// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace romp::bench {

/// One frame from the broker. Headers that a load generator does not look at are left out.
struct Frame {
  enum class Kind { message, receipt, connected, error };

  Kind kind = Kind::message;
  std::string_view subscription;
  std::string_view message_id;
  std::string_view destination;
  std::string_view ack;
  std::string_view receipt_id;
  std::string_view message;
  std::string_view body;
};

/// Takes frames off what one connection receives. A MESSAGE whose head differs from an earlier one
/// only in its message-id is recognised by comparing, which is cheaper than parsing.
class FrameReader {
 public:
  FrameReader() = default;
  FrameReader(const FrameReader&) = delete;
  FrameReader& operator=(const FrameReader&) = delete;

  /// Takes the next whole frame off the front of `octets`. Returns false when the rest is only the
  /// beginning of one. Throws Failure on what can become no frame. The views in `frame` end with
  /// the octets, or with the next call.
  bool next(std::string_view& octets, Frame& frame);

 private:
  bool take_alike(std::string_view& octets, Frame& frame) const;
  void remember(std::string_view head, const Frame& frame);

  std::string head_;           // of an earlier MESSAGE, up to its body
  std::size_t before_id_ = 0;  // octets of it before the value of message-id
  std::size_t behind_id_ = 0;  // where that value ended
  Frame known_;                // what it said; views into head_
  std::size_t body_size_ = 0;
  unsigned differences_ = 0;
};

}  // namespace romp::bench
