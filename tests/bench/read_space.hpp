// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

namespace romp::bench {

/// The room that all connections of a thread read into, one after the other: a connection keeps
/// only the octets of an unfinished frame, so thousands of them cost little.
class ReadSpace {
 public:
  explicit ReadSpace(std::size_t largest_frame)
      : size_((256u << 10) + largest_frame), room_(std::make_unique_for_overwrite<char[]>(size_)) {}

  char* begin() const { return room_.get(); }
  std::size_t size() const { return size_; }

 private:
  std::size_t size_;
  std::unique_ptr<char[]> room_;
};

}  // namespace romp::bench
