// SPDX-License-Identifier: Apache-2.0
#include "in_line.hpp"

#include "dead_letter.hpp"

namespace downstream {

InLine::InLine(romp::plugin& p, const Settings& settings, const Line& line, std::size_t number,
               Link& link, Counters& counters)
    : plugin_(p),
      settings_(settings),
      line_(line),
      id_("i" + std::to_string(number)),
      link_(link),
      counters_(counters),
      hop_(settings.node),
      recent_(2 * std::size_t{settings.window}) {}

/// The window is named as romp and RabbitMQ know it, and as ActiveMQ does.
void InLine::up() {
  is_refused_ = false;
  const std::string window = std::to_string(settings_.window);
  const romp::outgoing subscribe = romp::outgoing(line_.from)
                                       .header("id", id_)
                                       .header("ack", "client-individual")
                                       .header("receipt", id_)
                                       .header("prefetch-count", window)
                                       .header("activemq.prefetchSize", window);
  link_.send(subscribe, ROMP_CMD_SUBSCRIBE);
}

/// What was not acknowledged comes again.
void InLine::down() {
  waiting_.clear();
  to_settle_.clear();
  link_.hold(false);
}

void InLine::look() {
  if (is_refused_ && link_.is_up()) up();
}

Lag InLine::lag() const {
  if (waiting_.empty()) return {};
  return {waiting_.size(), Clock::now() - waiting_.front().since};
}

bool InLine::refused(std::string_view receipt, std::string_view why) {
  if (receipt != id_) return false;
  is_refused_ = true;
  plugin_.warn(link_.name(), ": ", line_.from, " cannot be subscribed to: ", why);
  return true;
}

bool InLine::take(const romp::frame_view& message) {
  if (message.header("subscription") != id_) return false;
  romp_status status = ROMP_E_AGAIN;
  if (waiting_.empty()) status = publish(message);
  if (status != ROMP_E_AGAIN) {
    finish(message, status);
    return true;
  }
  const romp_host* host = plugin_.host();
  if (const romp_frame* kept = host->frame_retain(host, message.raw())) {
    waiting_.push_back({romp::retained(host, kept), Clock::now()});
  } else {
    settle(message, ROMP_CMD_NACK);
  }
  link_.hold(true);
  return true;
}

romp_status InLine::publish(const romp::frame_view& message) {
  const std::string_view reason = why_dropped(message.header(via_header), settings_.node);
  if (!reason.empty()) {
    counters_.looped.add();
    return ROMP_OK;
  }
  const std::string_view origin = message.header(origin_header);
  const std::string_view name = origin.empty() ? message.header("message-id") : origin;
  hop_.begin(message, name);
  if (message.header("redelivered") == "true" || recent_.has(name)) {
    hop_.add(resent_header, "true");
  }
  const std::string target = line_.target_of(message.destination());
  romp_message m = hop_.message(target);
  m.body = romp::str(message.body());
  const romp_status status = plugin_.host()->publish(plugin_.host(), &m);
  if (status != ROMP_OK) return status;
  recent_.add(name);
  counters_.received.add();
  return status;
}

/// It is here now, or will never be.
void InLine::finish(const romp::frame_view& message, romp_status status) {
  bool is_kept = status == ROMP_OK;
  if (!is_kept) {
    const std::string why = line_.to + " refuses it: ROMP_E_" + romp::detail::name_of(status);
    is_kept = send_dead_letter(plugin_, settings_.dead_letter, message, line_.from, why);
    if (is_kept) counters_.dead.add();
    plugin_.warn(link_.name(), ": a message of ", line_.from,
                 is_kept ? " is now in " + settings_.dead_letter : " goes back", ": ", why);
  }
  if (settle(message, is_kept ? ROMP_CMD_ACK : ROMP_CMD_NACK)) return;
  const romp_host* host = plugin_.host();
  if (const romp_frame* kept = host->frame_retain(host, message.raw())) {
    to_settle_.emplace_back(host, kept);
  }
}

/// 1.2 names the header `ack`, 1.1 message-id and subscription. False: there was no room to send.
bool InLine::settle(const romp::frame_view& message, std::uint32_t command) {
  romp_header headers[2];
  romp_message m{};
  m.size = sizeof m;
  m.command = command;
  m.headers = headers;
  if (link_.version() == "1.2") {
    headers[0] = {ROMP_STR("id"), romp::str(message.header("ack"))};
    m.header_count = 1;
  } else {
    headers[0] = {ROMP_STR("message-id"), romp::str(message.header("message-id"))};
    headers[1] = {ROMP_STR("subscription"), romp::str(id_)};
    m.header_count = link_.version() == "1.1" ? 2 : 1;
  }
  return link_.send(m) != ROMP_E_AGAIN;
}

bool InLine::pump() {
  while (!to_settle_.empty() && settle(to_settle_.front(), ROMP_CMD_ACK)) to_settle_.pop_front();
  while (!waiting_.empty()) {
    const romp_status status = publish(waiting_.front().message);
    if (status == ROMP_E_AGAIN) return true;
    const romp::retained message = std::move(waiting_.front().message);
    waiting_.pop_front();
    finish(message, status);
  }
  link_.hold(false);
  return !to_settle_.empty();
}

}  // namespace downstream
