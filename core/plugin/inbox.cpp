// SPDX-License-Identifier: Apache-2.0
#include "plugin/inbox.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "plugin/text.hpp"
#include "stomp/frame.hpp"

namespace romp::plugin {

namespace {

/// "BOOT-PLACE-SEQUENCE".
void write_id(std::string& id, const std::string& boot, const broker::Message& message) {
  id = boot;
  for (const std::uint64_t number : {std::uint64_t{message.place}, message.sequence}) {
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    id.push_back('-');
    id.append(digits.data(), end);
  }
}

}  // namespace

void Delivered::show(broker::MessagePtr from, const std::string& boot) {
  message = std::move(from);
  write_id(message_id, boot, *message);
  headers.clear();
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

/// What has waited in a queue for long is in no cache any more, and will be read in a moment.
bool Inbox::deliver(const broker::MessagePtr& message, std::uint32_t attempts) noexcept {
  __builtin_prefetch(message->head(broker::Spelling::v1_2).data());
  bool is_first = false;
  {
    const std::lock_guard lock(mutex_);
    if (ended_) return false;
    if (waiting_.size() >= most_waiting) {
      overflowed_ = true;
      return false;
    }
    is_first = waiting_.empty();
    waiting_.push_back({message, attempts + 1});
  }
  if (is_first) wake_();
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
  keep(taken.token, std::move(next));
  return taken;
}

/// A topic does not ask for what is settled, so the oldest is forgotten where there are too many.
void Inbox::keep(std::uint64_t token, broker::Unsettled delivery) {
  given_.push_back({token, std::move(delivery)});
  const bool is_bounded = destination_ && destination_->is_queue();
  if (is_bounded || given_.size() - settled_ <= most_unsettled_of_a_topic) return;
  given_.pop_front();
  tidy();
}

std::vector<broker::Unsettled> Inbox::settle(std::uint64_t token) {
  const std::lock_guard lock(mutex_);
  std::vector<broker::Unsettled> named;
  const auto at = std::ranges::lower_bound(given_, token, {}, &Given::token);
  if (at == given_.end() || at->token != token || !at->delivery.message) return named;
  const auto first = terms().ack == broker::AckMode::client ? given_.begin() : at;
  for (auto it = first; it != std::next(at); ++it) {
    if (it->delivery.message) named.push_back(std::move(it->delivery));
  }
  settled_ += named.size();
  tidy();
  return named;
}

/// What is settled behind others stays, until it is most of all.
void Inbox::tidy() {
  const auto is_settled = [](const Given& one) { return !one.delivery.message; };
  for (; !given_.empty() && is_settled(given_.front()); --settled_) given_.pop_front();
  if (settled_ < mark || settled_ < given_.size() / 2) return;
  std::erase_if(given_, is_settled);
  settled_ = 0;
}

romp_status Inbox::evicted() const {
  const std::lock_guard lock(mutex_);
  return evicted_;
}

std::vector<broker::Unsettled> Inbox::end() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  std::vector<broker::Unsettled> rest;
  for (auto& one : given_) {
    if (one.delivery.message) rest.push_back(std::move(one.delivery));
  }
  // The plugin has never seen these: their delivery does not count.
  for (auto& one : waiting_) rest.push_back({std::move(one.message), one.attempts - 1});
  given_.clear();
  settled_ = 0;
  waiting_.clear();
  return rest;
}

}  // namespace romp::plugin
