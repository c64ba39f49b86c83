// SPDX-License-Identifier: Apache-2.0
#include "link.hpp"

#include <utility>

namespace downstream {

Counters::Counters(romp::plugin& p)
    : sent(p.counter("bridge_sent_total", "Messages the other side has confirmed")),
      received(p.counter("bridge_received_total", "Messages taken over from the other side")),
      resent(p.counter("bridge_resent_total", "Messages sent again after a connection was lost")),
      looped(p.counter("bridge_looped_total", "Messages dropped, as they had been here before")),
      dead(p.counter("bridge_dead_total", "Messages sent to the dead-letter queue")),
      answers(p.counter("bridge_answers_total", "Answers the edge has confirmed")),
      unanswered(p.counter("bridge_unanswered_total", "Requests that nobody here took")),
      refused(p.counter("bridge_refused_total", "Answers that do not fit the edge, and were lost")),
      errors(p.counter("bridge_errors_total", "ERROR frames of the other side")) {}

std::string text_of_error(const romp::frame_view& error) {
  std::string text(error.header("message"));
  const std::string_view line = error.body().substr(0, error.body().find_first_of("\r\n"));
  if (!line.empty() && line != text) text += (text.empty() ? "" : ": ") + std::string(line);
  return text.empty() ? "no reason given" : text.substr(0, 500);
}

void Link::open(Handlers handlers) {
  handlers_ = std::move(handlers);
  romp::client_handlers told;
  told.up = [this](const romp::frame_view& connected) { on_up(connected); };
  told.frame = handlers_.frame;
  told.answer = handlers_.answer;
  told.down = [this](romp_status, std::string_view text) { on_down(text); };
  client_.open(options_, std::move(told));
}

void Link::hold(bool on) {
  if (std::exchange(is_held_, on) != on) client_.hold(on);
}

void Link::on_up(const romp::frame_view& connected) {
  is_up_ = true;
  version_ = connected.has("version") ? connected.header("version") : "1.0";
  works_in_order_ = connected.header("server").substr(0, 5) == "romp/";
  last_down_.clear();
  plugin_.info(name_, ": connected to ", options_.address, ", STOMP ", version_, ", ",
               connected.has("server") ? connected.header("server") : "an unnamed server");
  if (handlers_.up) handlers_.up();
}

/// One line for each new reason, not one for each try.
void Link::on_down(std::string_view text) {
  const bool was_up = std::exchange(is_up_, false);
  if (was_up || last_down_ != text) plugin_.warn(name_, ": not connected: ", text);
  last_down_ = text;
  if (!std::exchange(was_told_, false)) last_error_ = text;
  if (was_up && handlers_.down) handlers_.down();
}

void Link::note_error(const romp::frame_view& error) {
  counters_.errors.add();
  last_error_ = text_of_error(error);
  was_told_ = true;
  plugin_.warn(name_, ": the other side says ERROR: ", last_error_);
}

}  // namespace downstream
