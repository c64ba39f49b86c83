// SPDX-License-Identifier: Apache-2.0
#include "out_line.hpp"

#include <charconv>
#include <utility>

#include "dead_letter.hpp"

namespace downstream {
namespace {

constexpr unsigned most_blamed = 3;
/// So much is sent at most before a receipt is asked for, where one speaks for all before it.
constexpr std::size_t most_unasked = 64;
constexpr std::size_t most_unasked_octets = 65'536;

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
  s.ack = ROMP_ACK_CLIENT;
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
  pump();
  measure();
}

/// Of a topic only what the bridge itself holds is known.
void OutLine::measure() {
  const Clock::time_point now = Clock::now();
  lag_.messages = window_.size();
  lag_.age = window_.empty() ? Seconds{} : Seconds(now - window_.front().since);
  romp_destination row{};
  row.size = sizeof row;
  const auto* table = plugin_.interface<romp_destinations>(ROMP_DESTINATIONS_ID);
  if (table == nullptr || table->get(plugin_.host(), romp::str(line_.from), &row) != ROMP_OK)
    return;
  if ((row.flags & ROMP_DESTINATION_QUEUE) == 0) return;
  lag_.messages = row.waiting + row.in_flight;
  queue_age_.look(now, row.published, lag_.messages);
  lag_.age = queue_age_.age();
}

/// What was not acknowledged is in the queue again.
void OutLine::on_closed(romp_status why) {
  subscription_ = 0;
  first_ += window_.size();
  window_.clear();
  next_ = unasked_ = unasked_octets_ = 0;
  if (why == ROMP_E_CANCELLED) return;
  plugin_.warn(line_.from, ": the subscription has ended, ROMP_E_", romp::detail::name_of(why),
               why == ROMP_E_AGAIN ? ": messages of the topic are lost" : "");
}

void OutLine::on_message(romp_sub_id sub, const romp_frame* raw, std::uint64_t token) {
  subscription_ = sub;
  const romp_host* host = plugin_.host();
  const romp::frame_view message(raw);
  const std::string_view reason = why_dropped(message.header(via_header), settings_.node);
  Kept& kept = window_.emplace_back();
  kept.token = token;
  if (!spare_.empty()) {
    kept.frame = std::move(spare_.back());
    spare_.pop_back();
  }
  if (!reason.empty()) {
    counters_.looped.add();
    kept.fate = Fate::taken;
    return settle_first();
  }
  if (kept.frame.keep(host, raw)) {
    pump_soon();
    kept.since = now_;
    return;
  }
  kept.fate = Fate::given_back;
  settle_first();
}

/// When all that the queue gives now is here, so that the last of it is known to be the last.
void OutLine::pump_soon() {
  if (std::exchange(pumps_soon_, true)) return;
  now_ = Clock::now();
  plugin_.post([this] {
    pumps_soon_ = false;
    pump();
  });
}

void OutLine::up() {
  next_ = unasked_ = unasked_octets_ = 0;
  pump();
}

bool OutLine::pump() {
  while (link_.is_up() && next_ < window_.size()) {
    Kept& kept = window_[next_];
    if (kept.fate != Fate::open) {
      ++next_;
      continue;
    }
    const romp_status status = transmit(next_);
    if (status == ROMP_E_AGAIN) return true;
    if (status == ROMP_E_STATE || status == ROMP_E_GONE) return false;
    ++next_;
    if (status != ROMP_OK) give_up(kept, status_text(status));
  }
  if (unasked_ != 0) ask();
  settle_first();
  return false;
}

romp_status OutLine::transmit(std::size_t index) {
  Kept& kept = window_[index];
  const romp::frame_view message = kept.frame.view();
  const std::string target = line_.target_of(message.destination());
  const bool is_asked = index + 1 == window_.size() || wants_receipt(kept);
  const std::string receipt = is_asked ? receipt_of(index) : std::string();
  hop_.begin(message, message.header("message-id"));
  if (kept.was_sent) hop_.add(resent_header, "true");
  if (is_asked) hop_.add("receipt", receipt);
  romp_message m = hop_.message(target);
  kept.frame.give_body(m);
  const romp_status status = link_.send(m);
  if (status == ROMP_OK) note_sent(kept, is_asked);
  return status;
}

/// What was sent before may be what the other side ended the connection for: an ERROR names it only
/// where it has a receipt of its own.
bool OutLine::wants_receipt(const Kept& kept) const {
  return kept.was_sent || !link_.works_in_order() || unasked_ + 1 >= most_unasked ||
         unasked_octets_ + kept.frame.view().body().size() >= most_unasked_octets;
}

void OutLine::note_sent(Kept& kept, bool is_asked) {
  if (kept.was_sent) counters_.resent.add();
  kept.was_sent = true;
  kept.was_asked = is_asked;
  unasked_ = is_asked ? 0 : unasked_ + 1;
  unasked_octets_ = is_asked ? 0 : unasked_octets_ + kept.frame.view().body().size();
}

/// Nothing follows that could carry the receipt for what has been sent: a transaction of nothing
/// does.
void OutLine::ask() {
  const std::string receipt = receipt_of(next_ - 1);
  const auto begin = romp::outgoing().header("transaction", prefix_).header("receipt", receipt);
  if (link_.send(begin, ROMP_CMD_BEGIN) != ROMP_OK) return;
  unasked_ = unasked_octets_ = 0;
  link_.send(romp::outgoing().header("transaction", prefix_), ROMP_CMD_ABORT);
}

std::string OutLine::receipt_of(std::size_t index) const {
  return prefix_ + std::to_string(first_ + index);
}

std::optional<std::size_t> OutLine::index_of(std::string_view receipt) const {
  if (receipt.substr(0, prefix_.size()) != prefix_) return {};
  receipt.remove_prefix(prefix_.size());
  std::uint64_t number = 0;
  const auto read = std::from_chars(receipt.data(), receipt.data() + receipt.size(), number);
  if (read.ec != std::errc() || number < first_ || number - first_ >= window_.size()) return {};
  return static_cast<std::size_t>(number - first_);
}

bool OutLine::confirmed(std::string_view receipt) {
  const auto index = index_of(receipt);
  if (!index) return false;
  taken(link_.works_in_order() ? 0 : *index, *index + 1);
  settle_first();
  return true;
}

void OutLine::taken(std::size_t from, std::size_t to) {
  std::size_t count = 0;
  for (std::size_t i = from; i < to; ++i) {
    if (window_[i].fate != Fate::open) continue;
    window_[i].fate = Fate::taken;
    ++count;
  }
  counters_.sent.add(static_cast<double>(count));
}

bool OutLine::refused(std::string_view receipt, std::string_view why) {
  const auto index = index_of(receipt);
  if (!index) return false;
  if (link_.works_in_order()) taken(0, *index);
  if (window_[*index].fate == Fate::open) give_up(window_[*index], why);
  settle_first();
  return true;
}

void OutLine::blamed(std::string_view why) {
  for (Kept& kept : window_) {
    if (kept.fate != Fate::open || !kept.was_sent) continue;
    if (kept.was_asked && ++kept.blamed >= most_blamed) give_up(kept, why);
    break;
  }
  settle_first();
}

void OutLine::give_up(Kept& kept, std::string_view why) {
  const bool is_kept =
      send_dead_letter(plugin_, settings_.dead_letter, kept.frame.view(), line_.from, why);
  plugin_.warn(link_.name(), ": a message of ", line_.from, " is refused, and ",
               is_kept ? "is now in " + settings_.dead_letter : "goes back", ": ", why);
  if (is_kept) counters_.dead.add();
  kept.fate = is_kept ? Fate::taken : Fate::given_back;
}

/// One call for as many as there are: the subscription acknowledges all up to a message.
void OutLine::settle_first() {
  const romp_host* host = plugin_.host();
  while (!window_.empty() && window_.front().fate != Fate::open) {
    const Fate fate = window_.front().fate;
    std::uint64_t token = 0;
    while (!window_.empty() && window_.front().fate == fate) {
      token = window_.front().token;
      drop_first();
    }
    host->ack(host, subscription_, token, fate == Fate::taken ? 1 : 0);
  }
}

void OutLine::drop_first() {
  KeptFrame& frame = window_.front().frame;
  frame.clear();
  spare_.push_back(std::move(frame));
  window_.pop_front();
  ++first_;
  if (next_ > 0) --next_;
}

}  // namespace downstream
