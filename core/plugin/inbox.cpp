// SPDX-License-Identifier: Apache-2.0
#include "plugin/inbox.hpp"

#include <array>
#include <charconv>
#include <utility>

#include "plugin/text.hpp"
#include "stomp/frame.hpp"

namespace romp::plugin {

namespace {

/// "BOOT-PLACE-SEQUENCE", in one allocation.
std::string id_of(const std::string& boot, const broker::Message& message) {
  std::string id;
  id.reserve(boot.size() + 34);
  id += boot;
  for (const std::uint64_t number : {std::uint64_t{message.place}, message.sequence}) {
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    id.append(1, '-').append(digits.data(), end);
  }
  return id;
}

}  // namespace

Delivered::Delivered(const broker::MessagePtr& from, const std::string& boot)
    : message(from), message_id(id_of(boot, *from)) {
  headers.reserve(8);
  message->each_header([this](std::string_view name, std::string_view value) {
    headers.push_back({str(name), str(value)});
  });
  headers.push_back({ROMP_STR("message-id"), str(message_id)});
  frame.size = sizeof frame;
  frame.command = ROMP_CMD_MESSAGE;
  frame.header_count = static_cast<std::uint32_t>(headers.size());
  frame.headers = headers.data();
  frame.verb = ROMP_STR("MESSAGE");
  frame.destination = romp_frame_header(&frame, ROMP_STR("destination"));
  frame.body = str(message->body());
  frame.body_size = message->body().size();
}

Inbox::Inbox(broker::Terms terms, std::function<void()> wake)
    : Subscription(std::move(terms)), wake_(std::move(wake)) {}

bool Inbox::deliver(const broker::MessagePtr& message, std::uint32_t attempts) noexcept {
  {
    const std::lock_guard lock(mutex_);
    if (ended_) return false;
    if (waiting_.size() >= most_waiting) {
      overflowed_ = true;
      return false;
    }
    waiting_.push_back({message, attempts + 1});
  }
  wake_();
  return true;
}

bool Inbox::has_room() const noexcept {
  const std::lock_guard lock(mutex_);
  const bool room = !ended_ && waiting_.size() < mark;
  refused_room_ = refused_room_ || !room;
  return room;
}

void Inbox::evict(const char*) noexcept {
  {
    const std::lock_guard lock(mutex_);
    if (ended_ || evicted_ != ROMP_OK) return;
    evicted_ = overflowed_ ? ROMP_E_AGAIN : ROMP_E_GONE;
  }
  wake_();
}

void Inbox::set_destination(broker::DestinationPtr destination) {
  const std::lock_guard lock(mutex_);
  destination_ = std::move(destination);
}

broker::DestinationPtr Inbox::destination() const {
  const std::lock_guard lock(mutex_);
  return destination_;
}

Inbox::Taken Inbox::take(bool& room) {
  const std::lock_guard lock(mutex_);
  if (waiting_.empty() || ended_) return {};
  auto next = std::move(waiting_.front());
  waiting_.pop_front();
  room = refused_room_ && waiting_.size() < mark / 2;
  if (room) refused_room_ = false;
  Taken taken{next.message, 0};
  if (!acknowledges()) return taken;
  taken.token = ++last_token_;
  unsettled_.emplace(taken.token, std::move(next));
  const bool keeps = destination_ && destination_->is_queue();
  if (!keeps && unsettled_.size() > most_unsettled_of_a_topic) {
    unsettled_.erase(unsettled_.begin());
  }
  return taken;
}

std::vector<broker::Unsettled> Inbox::settle(std::uint64_t token) {
  const std::lock_guard lock(mutex_);
  std::vector<broker::Unsettled> named;
  const auto at = unsettled_.find(token);
  if (at == unsettled_.end()) return named;
  const auto first = terms().ack == broker::AckMode::client ? unsettled_.begin() : at;
  for (auto it = first; it != std::next(at); ++it) named.push_back(std::move(it->second));
  unsettled_.erase(first, std::next(at));
  return named;
}

romp_status Inbox::evicted() const {
  const std::lock_guard lock(mutex_);
  return evicted_;
}

std::vector<broker::Unsettled> Inbox::end() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  std::vector<broker::Unsettled> rest;
  for (auto& [token, one] : unsettled_) rest.push_back(std::move(one));
  // The plugin has never seen these: their delivery does not count.
  for (auto& one : waiting_) rest.push_back({std::move(one.message), one.attempts - 1});
  unsettled_.clear();
  waiting_.clear();
  return rest;
}

}  // namespace romp::plugin
