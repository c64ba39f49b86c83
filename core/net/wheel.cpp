// SPDX-License-Identifier: Apache-2.0
#include "net/wheel.hpp"

#include <algorithm>

namespace romp::net {

void Alarm::cancel() noexcept {
  if (wheel_ == nullptr) return;
  *link_ = next_;
  if (next_ != nullptr) next_->link_ = link_;
  --wheel_->set_;
  wheel_ = nullptr;
  next_ = nullptr;
  link_ = nullptr;
}

Wheel::Wheel(boost::asio::io_context& context) : timer_(context) {}

std::size_t Wheel::slot_of(base::Time time) const noexcept {
  return static_cast<std::size_t>((time - epoch_) / tick);
}

void Wheel::set(Alarm& alarm, base::Time due) {
  alarm.cancel();
  if (set_ == 0 && !turning_) done_until_ = slot_of(base::Clock::now());
  alarm.due_ = due;
  alarm.wheel_ = this;
  const std::size_t at = std::max(slot_of(due), done_until_) + 1;
  Alarm** head = &heads_[at % slots];
  alarm.next_ = *head;
  if (*head != nullptr) (*head)->link_ = &alarm.next_;
  alarm.link_ = head;
  *head = &alarm;
  ++set_;
  if (!turning_) wait();
}

void Wheel::wait() {
  turning_ = true;
  timer_.expires_at(epoch_ + tick * static_cast<std::int64_t>(done_until_ + 1));
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) turn();
  });
}

/// What is set meanwhile and is due already rings in a slot that is still to come.
void Wheel::turn() {
  const base::Time now = base::Clock::now();
  const std::size_t until = slot_of(now);
  const std::size_t last = std::min(until, done_until_ + slots);
  while (done_until_ < last) ring(++done_until_ % slots, now);
  done_until_ = std::max(done_until_, until);
  turning_ = false;
  if (set_ != 0) wait();
}

/// Alarms of a later round stay. One that rings may set or cancel others, so the list is taken off
/// first and each is looked at by itself.
void Wheel::ring(std::size_t slot, base::Time now) {
  Alarm* list = heads_[slot];
  heads_[slot] = nullptr;
  if (list != nullptr) list->link_ = &list;
  while (list != nullptr) {
    Alarm& alarm = *list;
    alarm.cancel();
    if (alarm.due_ > now) {
      set(alarm, alarm.due_);
    } else {
      alarm.on_alarm();
    }
  }
}

}  // namespace romp::net
