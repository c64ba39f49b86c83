// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "body.hpp"
#include "bytes.hpp"

namespace romp::bench {

struct Header {
  std::string_view name;
  std::string_view value;
};

/// Appends a frame without a body. Values are written as they are: the generator's own names need
/// no escaping, and those it gives back came escaped.
void write_frame(Bytes& to, std::string_view command, std::initializer_list<Header> headers);

/// Appends ACK for the value of a MESSAGE's `ack` header.
void write_ack(Bytes& to, std::string_view id);

/// SEND frames to one destination: the head is made once, a message costs two copies.
class SendWriter {
 public:
  SendWriter(std::string_view destination, const Body& body, bool with_receipt);

  /// Appends the message; with_receipt asks for a receipt named by the stamp's sequence.
  void write(Bytes& to, const Stamp& stamp) const;

  std::size_t frame_size() const { return head_.size() + body_->size() + 1; }

 private:
  const Body* body_;
  std::string head_;
  std::size_t receipt_at_ = 0;  // where the digits are; 0: none
};

/// The receipt's digits are always so many, with zeros in front.
inline constexpr std::size_t receipt_digits = 12;

}  // namespace romp::bench
