// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>

namespace romp::bench {

/// Octets that wait to be written: appended behind, taken in front. Allocates only to grow.
class Bytes {
 public:
  std::size_t size() const { return end_ - begin_; }
  bool empty() const { return begin_ == end_; }
  std::string_view view() const { return {store_.get() + begin_, size()}; }

  /// Room for `count` octets more, which the caller fills.
  char* extend(std::size_t count) {
    if (end_ + count > capacity_) make_room(count);
    char* place = store_.get() + end_;
    end_ += count;
    return place;
  }

  void append(std::string_view text) { std::memcpy(extend(text.size()), text.data(), text.size()); }

  void drop_front(std::size_t count) {
    begin_ += count;
    if (begin_ == end_) begin_ = end_ = 0;
  }

  /// Gives the memory back; what was inside is gone.
  void release() { *this = Bytes{}; }

 private:
  void make_room(std::size_t count) {
    const std::size_t used = size();
    const std::size_t wanted = used + count;
    if (wanted > capacity_ || begin_ < used) {
      const std::size_t capacity = std::max<std::size_t>(wanted * 2, 256);
      auto larger = std::make_unique_for_overwrite<char[]>(capacity);
      if (used > 0) std::memcpy(larger.get(), store_.get() + begin_, used);
      store_ = std::move(larger);
      capacity_ = capacity;
    } else if (used > 0) {
      std::memcpy(store_.get(), store_.get() + begin_, used);
    }
    begin_ = 0;
    end_ = used;
  }

  std::unique_ptr<char[]> store_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace romp::bench
