// SPDX-License-Identifier: Apache-2.0
#include "plugin/events.hpp"

#include <utility>

#include "base/clock.hpp"
#include "plugin/text.hpp"

namespace romp::plugin {
namespace {

constexpr int events_a_turn = 64;

}  // namespace

Events::Kept Events::overflow(std::int64_t now_ns) {
  Kept kept;
  kept.raw.size = sizeof(romp_event);
  kept.raw.type = ROMP_EV_OVERFLOW;
  kept.raw.now_ns = now_ns;
  kept.raw.value = std::exchange(lost_, 0);
  return kept;
}

bool Events::push(const Event& event, std::int64_t now_ns) {
  Kept kept;
  kept.user = event.user.substr(0, longest_text);
  kept.destination = event.destination.substr(0, longest_text);
  kept.reason = event.reason.substr(0, longest_text);
  kept.raw.size = sizeof(romp_event);
  kept.raw.type = event.type;
  kept.raw.session = event.session;
  kept.raw.value = event.value;
  kept.raw.now_ns = now_ns;
  const std::lock_guard lock(mutex_);
  if (waiting_.size() + (lost_ == 0 ? 0 : 1) >= most_waiting) {
    ++lost_;
    lost_ever_.fetch_add(1, std::memory_order_relaxed);
    return false;
  }
  if (lost_ != 0) waiting_.push_back(overflow(now_ns));
  waiting_.push_back(std::move(kept));
  return !std::exchange(scheduled_, true);
}

bool Events::take(Kept& kept) {
  const std::lock_guard lock(mutex_);
  if (!waiting_.empty()) {
    kept = std::move(waiting_.front());
    waiting_.pop_front();
    return true;
  }
  if (lost_ == 0) {
    scheduled_ = false;
    return false;
  }
  kept = overflow(std::chrono::nanoseconds(base::Clock::now().time_since_epoch()).count());
  return true;
}

bool Events::deliver() {
  Kept kept;
  for (int i = 0; i < events_a_turn; ++i) {
    if (!take(kept)) return false;
    const auto text = [](const std::string& t) { return t.empty() ? romp_str{} : str(t); };
    kept.raw.user = text(kept.user);
    kept.raw.destination = text(kept.destination);
    kept.raw.reason = text(kept.reason);
    on_event_(user_, &kept.raw);
  }
  return true;
}

void Events::clear() {
  const std::lock_guard lock(mutex_);
  waiting_.clear();
  lost_ = 0;
}

}  // namespace romp::plugin
