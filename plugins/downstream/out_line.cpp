// SPDX-License-Identifier: Apache-2.0
#include "out_line.hpp"

#include <charconv>
#include <utility>

#include "dead_letter.hpp"

namespace downstream {
namespace {

constexpr unsigned most_blamed = 3;

std::string status_text(romp_status status) {
  return "the message cannot be sent: ROMP_E_" + std::string(romp::detail::name_of(status));
}

}  // namespace

OutLine::OutLine(romp::plugin& p, const Settings& settings, const Line& line, std::size_t number,
                 Link& link, Counters& counters)
    : plugin_(p),
      settings_(settings),
      line_(line),
      prefix_("o" + std::to_string(number) + "-"),
      link_(link),
      counters_(counters),
      hop_(settings.node) {}

void OutLine::begin() {
  romp_subscription s{};
  s.size = sizeof s;
  s.ack = ROMP_ACK_CLIENT_INDIVIDUAL;
  s.window = settings_.window;
  s.destination = romp::str(line_.from);
  s.user = this;
  s.on_message = [](void* self, romp_sub_id sub, const romp_frame* raw, std::uint64_t token) {
    static_cast<OutLine*>(self)->on_message(sub, raw, token);
  };
  s.on_closed = [](void* self, romp_sub_id, romp_status why) {
    static_cast<OutLine*>(self)->on_closed(why);
  };
  const romp_host* host = plugin_.host();
  const romp_status status = host->subscribe(host, &s, &subscription_);
  if (status == ROMP_OK) return;
  subscription_ = 0;
  plugin_.warn(line_.from, " cannot be subscribed to: ROMP_E_", romp::detail::name_of(status));
}

void OutLine::look() {
  if (subscription_ == 0) begin();
}

/// What was not acknowledged is in the queue again.
void OutLine::on_closed(romp_status why) {
  subscription_ = 0;
  first_ += window_.size();
  window_.clear();
  next_ = 0;
  if (why == ROMP_E_CANCELLED) return;
  plugin_.warn(line_.from, ": the subscription has ended, ROMP_E_", romp::detail::name_of(why),
               why == ROMP_E_AGAIN ? ": messages of the topic are lost" : "");
}

void OutLine::on_message(romp_sub_id sub, const romp_frame* raw, std::uint64_t token) {
  subscription_ = sub;
  const romp_host* host = plugin_.host();
  const romp::frame_view message(raw);
  const std::string_view reason = why_dropped(message.header(via_header), settings_.node);
  if (!reason.empty()) {
    counters_.looped.add();
    host->ack(host, sub, token, 1);
    return;
  }
  Kept& kept = window_.emplace_back();
  if (!spare_.empty()) {
    kept.frame = std::move(spare_.back());
    spare_.pop_back();
  }
  kept.token = token;
  kept.since = Clock::now();
  if (kept.frame.keep(host, raw)) {
    pump();
    return;
  }
  window_.pop_back();
  host->ack(host, sub, token, 0);
}

void OutLine::up() {
  next_ = 0;
  pump();
}

bool OutLine::pump() {
  while (link_.is_up() && next_ < window_.size()) {
    Kept& kept = window_[next_];
    if (kept.is_done) {
      ++next_;
      continue;
    }
    const romp_status status = transmit(next_);
    if (status == ROMP_E_AGAIN) return true;
    if (status == ROMP_E_STATE || status == ROMP_E_GONE) return false;
    ++next_;
    if (status != ROMP_OK) give_up(kept, status_text(status));
  }
  drop_done();
  return false;
}

romp_status OutLine::transmit(std::size_t index) {
  Kept& kept = window_[index];
  const std::string receipt = prefix_ + std::to_string(first_ + index);
  const romp::frame_view message = kept.frame.view();
  const std::string target = line_.target_of(message.destination());
  hop_.begin(message, message.header("message-id"));
  if (kept.was_sent) hop_.add(resent_header, "true");
  hop_.add("receipt", receipt);
  romp_message m = hop_.message(target);
  kept.frame.give_body(m);
  const romp_status status = link_.send(m);
  if (status == ROMP_OK && kept.was_sent) counters_.resent.add();
  kept.was_sent = kept.was_sent || status == ROMP_OK;
  return status;
}

OutLine::Kept* OutLine::find(std::string_view receipt) {
  if (receipt.substr(0, prefix_.size()) != prefix_) return nullptr;
  receipt.remove_prefix(prefix_.size());
  std::uint64_t number = 0;
  const auto read = std::from_chars(receipt.data(), receipt.data() + receipt.size(), number);
  if (read.ec != std::errc() || number < first_ || number - first_ >= window_.size()) {
    return nullptr;
  }
  return &window_[static_cast<std::size_t>(number - first_)];
}

bool OutLine::confirmed(std::string_view receipt) {
  Kept* const kept = find(receipt);
  if (kept == nullptr || kept->is_done) return kept != nullptr;
  counters_.sent.add();
  settle(*kept, true);
  drop_done();
  return true;
}

bool OutLine::refused(std::string_view receipt, std::string_view why) {
  Kept* const kept = find(receipt);
  if (kept == nullptr || kept->is_done) return kept != nullptr;
  give_up(*kept, why);
  drop_done();
  return true;
}

void OutLine::blamed(std::string_view why) {
  for (Kept& kept : window_) {
    if (kept.is_done || !kept.was_sent) continue;
    if (++kept.blamed >= most_blamed) give_up(kept, why);
    break;
  }
  drop_done();
}

void OutLine::give_up(Kept& kept, std::string_view why) {
  const bool is_kept =
      send_dead_letter(plugin_, settings_.dead_letter, kept.frame.view(), line_.from, why);
  plugin_.warn(link_.name(), ": a message of ", line_.from, " is refused, and ",
               is_kept ? "is now in " + settings_.dead_letter : "goes back", ": ", why);
  if (is_kept) counters_.dead.add();
  settle(kept, is_kept);
}

void OutLine::settle(Kept& kept, bool positive) {
  kept.is_done = true;
  const romp_host* host = plugin_.host();
  host->ack(host, subscription_, kept.token, positive ? 1 : 0);
}

void OutLine::drop_done() {
  while (!window_.empty() && window_.front().is_done) {
    KeptFrame& frame = window_.front().frame;
    frame.clear();
    spare_.push_back(std::move(frame));
    window_.pop_front();
    ++first_;
    if (next_ > 0) --next_;
  }
}

std::chrono::duration<double> OutLine::age() const {
  if (window_.empty()) return {};
  return Clock::now() - window_.front().since;
}

}  // namespace downstream
