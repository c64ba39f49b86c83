// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_set>

namespace downstream {

/// The names of the last so many messages, to know one that comes again.
class Recent {
 public:
  explicit Recent(std::size_t most) : most_(most) {}

  bool has(std::string_view name) const { return known_.count(std::string(name)) != 0; }
  void add(std::string_view name) {
    if (!known_.emplace(name).second) return;
    order_.emplace_back(name);
    if (order_.size() <= most_) return;
    known_.erase(order_.front());
    order_.pop_front();
  }

 private:
  const std::size_t most_;
  std::unordered_set<std::string> known_;
  std::deque<std::string> order_;
};

}  // namespace downstream
