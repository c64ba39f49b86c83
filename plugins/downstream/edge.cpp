// SPDX-License-Identifier: Apache-2.0
#include "edge.hpp"

#include <charconv>
#include <utility>

#include "hop.hpp"
#include "xtomp.hpp"

namespace downstream {
namespace {

constexpr std::size_t most_answers = 10'000;
constexpr int seconds_between_pings = 30;
constexpr int soon = 3;
constexpr int late = 60;
/// xtomp has no message of that number, and answers all the same.
constexpr const char* no_message = "9223372036854775807";
/// A destination with a filter would be stopped by an answer that names nobody.
constexpr const char* nobody_named = "the request has named no client";

/// The number behind a prefix, as in "rep-7"; nothing where that is not it.
bool read_number(std::string_view text, std::string_view prefix, std::uint64_t& number) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

romp_message filled(std::string_view destination, std::string_view content_type,
                    std::string_view body, const std::vector<romp_header>& headers) {
  romp_message m{};
  m.size = sizeof m;
  m.destination = romp::str(destination);
  if (!content_type.empty()) m.content_type = romp::str(content_type);
  m.body = romp::str(body);
  m.headers = headers.data();
  m.header_count = static_cast<std::uint32_t>(headers.size());
  return m;
}

}  // namespace

Edge::Edge(romp::plugin& p, const Settings& settings, Link& link, Counters& counters)
    : plugin_(p), settings_(settings), link_(link), counters_(counters) {}

// ---- subscribing ------------------------------------------------------------------------------

void Edge::up() {
  subscribing_ = 0;
  pause_ = 0;
  ping_is_out_ = false;
  seconds_to_ping_ = seconds_between_pings;
  next_ = 0;
  subscribe();
  pump();
}

void Edge::down() { pause_ = 0; }

/// One after the other, since an ERROR does not say which it means.
void Edge::subscribe() {
  if (subscribing_ >= settings_.requests.size()) return;
  const std::string id = std::to_string(subscribing_ + 1);
  const romp::outgoing wish = romp::outgoing(settings_.requests[subscribing_].from)
                                  .header("id", id)
                                  .header("receipt", "sub-" + id);
  link_.send(wish, ROMP_CMD_SUBSCRIBE);
}

void Edge::subscribed(std::string_view receipt) {
  std::uint64_t number = 0;
  if (!read_number(receipt, "sub-", number) || number != subscribing_ + 1) return;
  plugin_.info(link_.name(), ": takes what is sent to ", settings_.requests[subscribing_].from);
  ++subscribing_;
  subscribe();
}

// ---- what comes from the edge -----------------------------------------------------------------

void Edge::take(const romp::frame_view& frame) {
  if (frame.command() == ROMP_CMD_MESSAGE) {
    submit(frame);
  } else if (frame.command() == ROMP_CMD_RECEIPT) {
    const std::string_view receipt = frame.header("receipt-id");
    if (receipt == "ping") ping_is_out_ = false;
    subscribed(receipt);
    confirm(receipt);
    pump();
  } else if (frame.command() == ROMP_CMD_ERROR) {
    refused(frame);
  }
}

/// As a SEND of the client that it names. `reply-to` stays here: it means something there only.
void Edge::submit(const romp::frame_view& message) {
  const std::string_view client = message.header(settings_.reply_header);
  const std::string_view correlation = message.header(settings_.correlation_header);
  std::vector<romp_header> headers;
  for (const romp::header h : message.headers()) {
    if (is_of_the_hop(h.name) || h.name == settings_.reply_header || h.name == edge_header ||
        h.name == original_header || h.name == "reply-to" || h.name == "correlation-id") {
      continue;
    }
    headers.push_back({romp::str(h.name), romp::str(h.value)});
  }
  headers.push_back({romp::str(edge_header), romp::str(plugin_.instance())});
  headers.push_back({romp::str(original_header), romp::str(message.header("message-id"))});
  if (!correlation.empty()) {
    headers.push_back({ROMP_STR("correlation-id"), romp::str(correlation)});
    headers.push_back({ROMP_STR("receipt"), romp::str(correlation)});
  }
  const romp_message m =
      filled(message.destination(), message.header("content-type"), message.body(), headers);
  counters_.received.add();
  const romp_status status = link_.submit(client, m);
  if (status != ROMP_OK) {
    counters_.unanswered.add();
    plugin_.warn(link_.name(), ": a request is lost: ROMP_E_", romp::detail::name_of(status));
  }
}

/// xtomp: what may pass by itself is tried again on this connection; after anything else nobody
/// knows what it has kept of the frame. Others close after an ERROR.
void Edge::refused(const romp::frame_view& error) {
  link_.note_error(error);
  const std::string_view text = error.header("message");
  const bool is_subscribing = subscribing_ < settings_.requests.size();
  std::uint64_t number = 0;
  if (read_number(error.header("receipt-id"), "rep-", number)) confirm(error.header("receipt-id"));
  if (is_subscribing && text == "dest flup") {
    pause_ = soon;
  } else if (is_subscribing && (text == "destination unknown" || text == "blocked")) {
    pause_ = late;
  } else if (settings_.is_xtomp) {
    link_.restart("after an ERROR: " + std::string(text));
  } else if (is_subscribing) {
    pause_ = late;
  }
}

// ---- what goes there --------------------------------------------------------------------------

void Edge::answer(std::string_view client, const romp::frame_view& frame) {
  const bool is_error = frame.command() == ROMP_CMD_ERROR;
  if (frame.command() == ROMP_CMD_RECEIPT || (is_error && client.empty())) return;
  const bool is_routed = !settings_.route_header.empty();
  if (settings_.is_xtomp && is_routed && client.empty()) return refuse(nobody_named);
  Answer made;
  made.number = ++last_answer_;
  if (is_routed && !client.empty()) made.headers.emplace_back(settings_.route_header, client);
  const std::string_view correlation = frame.header(is_error ? "receipt-id" : "correlation-id");
  if (!correlation.empty()) made.headers.emplace_back(settings_.correlation_header, correlation);
  for (const romp::header h : frame.headers()) {
    const bool is_ours = h.name == "correlation-id" || h.name == settings_.route_header ||
                         h.name == settings_.correlation_header || h.name == "receipt-id" ||
                         (is_error && (h.name == "message" || h.name == "version"));
    if (!is_ours && !is_of_the_hop(h.name)) made.headers.emplace_back(h.name, h.value);
  }
  if (is_error) made.headers.emplace_back("error", frame.header("message"));
  made.content_type = frame.header("content-type");
  made.body = frame.body();
  add_answer(std::move(made));
}

void Edge::add_answer(Answer answer) {
  const std::string why = why_answer_unfit(answer);
  if (!why.empty()) return refuse(why);
  if (answers_.size() >= most_answers) return refuse("too many wait for the edge");
  answers_.push_back(std::move(answer));
  pump();
}

void Edge::refuse(const std::string& why) {
  counters_.refused.add();
  plugin_.error(link_.name(), ": an answer is not sent: ", why);
}

std::string Edge::why_answer_unfit(const Answer& answer) const {
  if (!settings_.is_xtomp) return {};
  std::vector<romp_header> headers;
  for (const auto& h : answer.headers) headers.push_back({romp::str(h.first), romp::str(h.second)});
  return why_unfit(filled(settings_.reply, answer.content_type, answer.body, headers),
                   {settings_.peer_buffer, settings_.peer_max_message});
}

bool Edge::pump() {
  while (link_.is_up() && next_ < answers_.size()) {
    const romp_status status = transmit(answers_[next_]);
    if (status == ROMP_E_AGAIN) return true;
    if (status == ROMP_E_STATE || status == ROMP_E_GONE) return false;
    if (status == ROMP_OK) {
      ++next_;
      continue;
    }
    refuse(std::string("ROMP_E_") + romp::detail::name_of(status));
    answers_.erase(answers_.begin() + static_cast<std::ptrdiff_t>(next_));
  }
  return false;
}

romp_status Edge::transmit(Answer& answer) {
  const std::string receipt = "rep-" + std::to_string(answer.number);
  std::vector<romp_header> headers;
  for (const auto& h : answer.headers) headers.push_back({romp::str(h.first), romp::str(h.second)});
  headers.push_back({ROMP_STR("receipt"), romp::str(receipt)});
  const romp_status status =
      link_.send(filled(settings_.reply, answer.content_type, answer.body, headers));
  if (status == ROMP_OK && std::exchange(answer.was_sent, true)) counters_.resent.add();
  return status;
}

/// Receipts come in order; one that is confirmed before others are is taken out of the middle.
void Edge::confirm(std::string_view receipt) {
  std::uint64_t number = 0;
  if (!read_number(receipt, "rep-", number)) return;
  for (auto it = answers_.begin(); it != answers_.end() && it->number <= number; ++it) {
    if (it->number != number) continue;
    counters_.answers.add();
    if (static_cast<std::size_t>(it - answers_.begin()) < next_) --next_;
    answers_.erase(it);
    return;
  }
}

Lag Edge::lag() const {
  if (answers_.empty()) return {};
  return {answers_.size(), Clock::now() - answers_.front().since};
}

// ---- time -------------------------------------------------------------------------------------

void Edge::look() {
  if (!link_.is_up()) return;
  if (pause_ > 0 && --pause_ == 0) subscribe();
  if (settings_.is_xtomp && --seconds_to_ping_ <= 0) ping();
}

/// A frame is answered, which a line end is not, and it is sure to be taken for a sign of life.
void Edge::ping() {
  seconds_to_ping_ = seconds_between_pings;
  if (ping_is_out_) return link_.restart("a ping was not answered");
  ping_is_out_ = true;
  link_.send(romp::outgoing().header("id", no_message).header("receipt", "ping"), ROMP_CMD_ACK);
}

// ---- what no filter has taken -----------------------------------------------------------------

/// On the session's thread: it only reads what never changes.
void add_last_filter(romp::plugin& p, const Settings& settings, const Counters& counters) {
  const auto last = romp::at(romp::stage::frame).priority(INT32_MAX).mutates();
  for (const Line& request : settings.requests) {
    p.on_frame(romp::send, request.from.c_str(), last,
               [&p, local = request.to, unanswered = counters.unanswered](romp::frame& f) {
                 if (!f.downstream() || f.user() != p.instance()) return romp::next;
                 if (!local.empty()) {
                   f.set("destination", local);
                   return romp::next;
                 }
                 unanswered.add();
                 return f.reject("nobody here answers " + std::string(f.destination()));
               });
  }
}

}  // namespace downstream
