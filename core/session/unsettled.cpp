// SPDX-License-Identifier: Apache-2.0
#include "session/unsettled.hpp"

#include <algorithm>
#include <utility>

namespace romp::session {
namespace {

constexpr std::size_t first_capacity = 16;
constexpr std::size_t widest_ring = 16 * 1024;

}  // namespace

std::uint64_t Unsettled::add(broker::MessagePtr message, std::uint32_t attempts) {
  if (ring_.full()) {
    if (ring_.size() >= widest_ring && held_in_ring_ < ring_.size() / 2) move_stragglers();
    if (ring_.full()) ring_.set_capacity(std::max(first_capacity, ring_.capacity() * 2));
  }
  ring_.push_back({std::move(message), attempts});
  ++held_in_ring_;
  return next_++;
}

bool Unsettled::holds(std::uint64_t number) const {
  if (number >= next_) return false;
  if (number >= first()) return ring_[number - first()].message != nullptr;
  return stragglers_.contains(number);
}

std::vector<broker::Unsettled> Unsettled::take(std::uint64_t number, bool cumulative) {
  std::vector<broker::Unsettled> taken;
  const auto aside_end = stragglers_.upper_bound(number);
  auto aside = cumulative ? stragglers_.begin() : stragglers_.lower_bound(number);
  while (aside != aside_end) {
    taken.push_back(std::move(aside->second));
    aside = stragglers_.erase(aside);
  }
  const std::uint64_t begin = cumulative ? first() : std::max(number, first());
  for (std::uint64_t n = begin; n <= number && n < next_; ++n) {
    auto& one = ring_[n - first()];
    if (!one.message) continue;
    taken.push_back(std::exchange(one, {}));
    --held_in_ring_;
  }
  trim();
  return taken;
}

std::vector<broker::Unsettled> Unsettled::take_all() { return take(next_ - 1, true); }

void Unsettled::drop_oldest() {
  if (!stragglers_.empty()) {
    stragglers_.erase(stragglers_.begin());
  } else if (held_in_ring_ != 0) {
    ring_.front().message.reset();
    --held_in_ring_;
    trim();
  }
}

void Unsettled::trim() {
  while (!ring_.empty() && !ring_.front().message) ring_.pop_front();
}

void Unsettled::move_stragglers() {
  const std::size_t half = ring_.size() / 2;
  for (std::size_t i = 0; i < half; ++i) {
    if (ring_.front().message) {
      stragglers_[first()] = std::move(ring_.front());
      --held_in_ring_;
    }
    ring_.pop_front();
  }
  trim();
}

}  // namespace romp::session
