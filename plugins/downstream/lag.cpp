// SPDX-License-Identifier: Apache-2.0
#include "lag.hpp"

#include <algorithm>

namespace downstream {

void QueueAge::look(Clock::time_point now, std::uint64_t published, std::uint64_t left) {
  if (!marks_.empty() && published < marks_.back().published) marks_.clear();  // made anew
  add({now, published}, left == 0);
  const std::uint64_t gone = published - std::min(left, published);
  while (marks_.size() > 1 && marks_[1].published <= gone) marks_.pop_front();
  age_ = left == 0 ? Seconds{} : Seconds(now - marks_.front().when);
}

/// While nothing is published, the last mark moves along; but not the first, where that is older.
void QueueAge::add(Mark mark, bool is_empty) {
  if (marks_.empty() || marks_.back().published != mark.published) {
    marks_.push_back(mark);
    if (marks_.size() > most_marks) thin_out();
  } else if (is_empty || marks_.size() > 1) {
    marks_.back().when = mark.when;
  }
}

void QueueAge::thin_out() {
  std::deque<Mark> fewer;
  for (std::size_t i = 0; i < marks_.size(); i += 2) fewer.push_back(marks_[i]);
  marks_.swap(fewer);
}

}  // namespace downstream
