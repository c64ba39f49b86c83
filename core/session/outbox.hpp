// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "base/shared.hpp"

namespace romp::session {

/// A piece of memory that frames are rendered into; shared by the outboxes that send them.
class Block final : public base::Shared {
 public:
  static base::Ptr<Block> make(std::size_t capacity);
  char* octets() noexcept { return reinterpret_cast<char*>(this + 1); }
  std::size_t capacity() const noexcept { return capacity_; }

 private:
  explicit Block(std::size_t capacity) noexcept : capacity_(capacity) {}
  ~Block() override = default;
  void dispose() noexcept override;

  std::size_t capacity_;
};

/// What waits to be written to one client, in order. Small frames are copied together, large bodies
/// and frames that many clients get are referred to. Empty, it holds no memory worth speaking of.
/// One worker.
class Outbox {
 public:
  /// Room for `size` octets at the end, in one piece; valid until the next call. Then `commit`.
  char* reserve(std::size_t size) {
    if (static_cast<std::size_t>(end_ - free_) < size) grow(size);
    return free_;
  }
  /// The first `size` octets of what was reserved are to be sent.
  void commit(std::size_t size);

  /// Copies.
  void append(std::string_view octets);
  /// Sends `octets` from where they lie; the owner is kept until they are written.
  void share(const base::Ptr<base::Shared>& owner, std::string_view octets);

  bool empty() const noexcept { return bytes_ == 0; }
  std::size_t bytes() const noexcept { return bytes_; }

  /// Describes what is to be written next, at most `pieces.size()` of it. Many short pieces are
  /// copied together into `scratch`. Returns how many pieces are filled.
  std::size_t gather(std::span<iovec> pieces, std::span<char> scratch) const;

  /// `size` octets have been written.
  void drop(std::size_t size);

  void clear();

 private:
  struct Piece {
    base::Ptr<base::Shared> owner;
    const char* octets;
    std::size_t size;
  };

  void grow(std::size_t size);
  bool extends_last(const base::Shared* owner, const char* octets) const noexcept;

  std::vector<Piece> pieces_;
  std::size_t first_ = 0;  ///< pieces before it are written
  std::size_t bytes_ = 0;
  std::size_t burst_ = 0;   ///< octets copied since it was last empty: how large blocks should be
  base::Ptr<Block> block_;  ///< the one that is being filled
  char* free_ = nullptr;
  char* end_ = nullptr;
};

}  // namespace romp::session
