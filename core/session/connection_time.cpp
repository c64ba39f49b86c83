// SPDX-License-Identifier: Apache-2.0
// What a connection does when time has passed: heart-beats, time-outs, the end of a pause.
#include <algorithm>

#include "base/log.hpp"
#include "session/connection.hpp"
#include "session/filters.hpp"
#include "session/login.hpp"
#include "session/roster.hpp"
#include "session/session.hpp"

namespace romp::session {

void Connection::arm(base::Time due) {
  if (due == base::Time::max() || state_ == State::closed) return;
  if (!is_set() || due < this->due()) roster_->worker().wheel().set(*this, due);
}

base::Time Connection::next_due() const {
  const auto& settings = environment().settings;
  base::Time due = pause_ends_;
  if (state_ != State::open) return give_up_at_;
  if (!session_ && !login_) due = std::min(due, began_ + settings.connect_timeout);
  if (session_) due = std::min(due, session_->ends());
  if (session_ && !paused_ && reader_.is_in_frame()) {
    due = std::min(due, last_heard_ + settings.frame_timeout);
  }
  if (beat_.they_send.count() != 0 && !paused_) {
    due = std::min(due, last_heard_ + beat_.give_up_after());
  }
  if (beat_.we_send.count() != 0) due = std::min(due, last_sent_ + beat_.send_after());
  return due;
}

const char* Connection::what_is_overdue(base::Time now) {
  const auto& settings = environment().settings;
  if (!session_ && !login_ && now >= began_ + settings.connect_timeout) return "no CONNECT in time";
  if (paused_) return nullptr;
  if (reader_.is_in_frame() && now >= last_heard_ + settings.frame_timeout) {
    return "a frame was begun and not ended in time";
  }
  if (beat_.they_send.count() != 0 && now >= last_heard_ + beat_.give_up_after()) {
    return "no heart-beat in twice the time agreed";
  }
  return nullptr;
}

void Connection::on_alarm() {
  const base::Ptr<Connection> self(this);
  const Roster::Turn turn(*roster_);
  const base::Time now = roster_->now();
  if (state_ != State::open) {
    if (now >= give_up_at_) close();
  } else if (now >= pause_ends_) {
    pause_ended();
  } else if (session_ && now >= session_->ends()) {
    fail({"login expired", "the token's time is over; connect with a new one"}, {});
  } else if (const char* reason = what_is_overdue(now)) {
    base::log::debug(transport_->remote() + " is dropped: " + reason);
    fail({"timeout", reason}, {});
  } else if (beat_.we_send.count() != 0 && now >= last_sent_ + beat_.send_after()) {
    outbox_.append("\n");
    output_waits();
    last_sent_ = now;
  }
  arm(next_due());
}

/// What was waited for has not come in time.
void Connection::pause_ended() {
  pause_ends_ = base::Time::max();
  if (deferred_) {
    const std::string why = environment().plugins.time_out(deferred_id_);
    if (why.empty()) return;
    const std::unique_ptr<Step> step = std::move(deferred_);
    reject(*this, *step, why, why, !session_);
    go_on();
  } else if (login_) {
    login_due();
  } else if (session_) {
    const auto step = session_->give_up_waiting();
    if (step) fail({"destination full", "there was no room in time"}, step->receipt());
  }
}

}  // namespace romp::session
