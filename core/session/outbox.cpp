// SPDX-License-Identifier: Apache-2.0
#include "session/outbox.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>

namespace romp::session {
namespace {

constexpr std::size_t smallest_block = 512 - sizeof(Block);
constexpr std::size_t largest_block = 64 * 1024 - sizeof(Block) - 16;
constexpr std::size_t few_pieces = 8;
constexpr std::size_t short_piece = 2048;  // copying it costs no more than another iovec

}  // namespace

base::Ptr<Block> Block::make(std::size_t capacity) {
  void* memory = ::operator new(sizeof(Block) + capacity);
  return base::Ptr<Block>(new (memory) Block(capacity));
}

void Block::dispose() noexcept {
  this->~Block();
  ::operator delete(this);
}

void Outbox::grow(std::size_t size) {
  const std::size_t wish = std::clamp(std::bit_ceil(burst_ + size), smallest_block, largest_block);
  block_ = Block::make(std::max(wish, size));
  free_ = block_->octets();
  end_ = free_ + block_->capacity();
}

bool Outbox::extends_last(const base::Shared* owner, const char* octets) const noexcept {
  if (first_ == pieces_.size()) return false;
  const Piece& last = pieces_.back();
  return last.owner.get() == owner && last.octets + last.size == octets;
}

void Outbox::commit(std::size_t size) {
  if (extends_last(block_.get(), free_)) {
    pieces_.back().size += size;
  } else {
    pieces_.push_back({block_, free_, size});
  }
  free_ += size;
  bytes_ += size;
  burst_ += size;
}

void Outbox::append(std::string_view octets) {
  std::memcpy(reserve(octets.size()), octets.data(), octets.size());
  commit(octets.size());
}

void Outbox::share(const base::Ptr<base::Shared>& owner, std::string_view octets) {
  if (extends_last(owner.get(), octets.data())) {
    pieces_.back().size += octets.size();
  } else {
    pieces_.push_back({owner, octets.data(), octets.size()});
  }
  bytes_ += octets.size();
}

std::size_t Outbox::gather(std::span<iovec> pieces, std::span<char> scratch) const {
  const std::size_t count = pieces_.size() - first_;
  const bool copies = count > few_pieces && bytes_ / count < short_piece;
  std::size_t filled = 0;
  std::size_t used = 0;
  for (std::size_t i = first_; i < pieces_.size(); ++i) {
    const Piece& p = pieces_[i];
    if (!copies) {
      if (filled == pieces.size()) break;
      pieces[filled++] = {const_cast<char*>(p.octets), p.size};
      continue;
    }
    const std::size_t n = std::min(p.size, scratch.size() - used);
    std::memcpy(scratch.data() + used, p.octets, n);
    used += n;
    if (used == scratch.size()) break;
  }
  if (copies) pieces[filled++] = {scratch.data(), used};
  return filled;
}

void Outbox::drop(std::size_t size) {
  bytes_ -= size;
  if (bytes_ == 0) {
    clear();
    return;
  }
  while (size >= pieces_[first_].size) {
    size -= pieces_[first_].size;
    pieces_[first_++].owner.reset();
  }
  pieces_[first_].octets += size;
  pieces_[first_].size -= size;
  if (first_ > 64 && first_ > pieces_.size() / 2) {
    pieces_.erase(pieces_.begin(), pieces_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
}

void Outbox::clear() {
  if (pieces_.capacity() > few_pieces) {
    std::vector<Piece>().swap(pieces_);
  } else {
    pieces_.clear();
  }
  first_ = bytes_ = burst_ = 0;
  block_.reset();
  free_ = end_ = nullptr;
}

}  // namespace romp::session
