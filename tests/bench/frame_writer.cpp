// SPDX-License-Identifier: Apache-2.0
#include "frame_writer.hpp"

#include <cstring>

namespace romp::bench {

void write_frame(Bytes& to, std::string_view command, std::initializer_list<Header> headers) {
  to.append(command);
  to.append("\n");
  for (const Header& header : headers) {
    to.append(header.name);
    to.append(":");
    to.append(header.value);
    to.append("\n");
  }
  to.append(std::string_view("\n\0", 2));
}

void write_ack(Bytes& to, std::string_view id) {
  constexpr std::string_view head = "ACK\nid:";
  constexpr std::string_view tail("\n\n\0", 3);
  char* place = to.extend(head.size() + id.size() + tail.size());
  std::memcpy(place, head.data(), head.size());
  std::memcpy(place + head.size(), id.data(), id.size());
  std::memcpy(place + head.size() + id.size(), tail.data(), tail.size());
}

SendWriter::SendWriter(std::string_view destination, const Body& body, bool with_receipt)
    : body_(&body), head_("SEND\ndestination:") {
  head_.append(destination);
  head_ += "\ncontent-length:" + std::to_string(body.size());
  if (with_receipt) {
    head_ += "\nreceipt:";
    receipt_at_ = head_.size();
    head_.append(receipt_digits, '0');
  }
  head_ += "\n\n";
}

void SendWriter::write(Bytes& to, const Stamp& stamp) const {
  char* place = to.extend(frame_size());
  std::memcpy(place, head_.data(), head_.size());
  if (receipt_at_ != 0) {
    std::uint64_t rest = stamp.sequence;
    for (std::size_t i = receipt_digits; i-- > 0; rest /= 10) {
      place[receipt_at_ + i] = static_cast<char>('0' + rest % 10);
    }
  }
  body_->write(place + head_.size(), stamp);
  place[head_.size() + body_->size()] = '\0';
}

}  // namespace romp::bench
