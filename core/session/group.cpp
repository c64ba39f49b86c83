// SPDX-License-Identifier: Apache-2.0
#include "session/group.hpp"

#include <algorithm>

namespace romp::session {
namespace {

constexpr std::size_t largest_block = 64 * 1024;

}  // namespace

char* Group::begin(std::size_t size) {
  if (!block_ || block_->capacity() - used_ < size) {
    block_ = Block::make(std::max(next_capacity_, size));
    next_capacity_ = std::min(next_capacity_ * 2, largest_block);
    used_ = 0;
  }
  return block_->octets() + used_;
}

void Group::rendered(const broker::Message& message, std::size_t size) noexcept {
  frame_ = {block_->octets() + used_, size};
  used_ += size;
  place_ = message.place;
  sequence_ = message.sequence;
}

}  // namespace romp::session
