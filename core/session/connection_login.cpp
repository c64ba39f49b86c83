// SPDX-License-Identifier: Apache-2.0
// How a connection finds out who its client is: at once, or while it waits.
#include "session/access.hpp"
#include "session/login.hpp"
#include "session/roster.hpp"
#include "session/session.hpp"

namespace romp::session {
namespace {

constexpr auto longest_check = std::chrono::seconds(30);

auth::Attempt attempt_of(const stomp::Frame& frame, const net::Transport& transport) {
  auth::Attempt attempt;
  attempt.login = frame.find(stomp::Name::login);
  attempt.passcode = frame.find(stomp::Name::passcode);
  attempt.certified = transport.certified_name();
  attempt.remote = transport.remote();
  return attempt;
}

}  // namespace

std::optional<auth::Answer> Connection::answer_to_login(Step& step) {
  if (const auto login = std::move(login_)) return std::move(login->answer);
  auto& authenticator = environment().authenticator;
  auto attempt = attempt_of(step.frame(), *transport_);
  const auto wait = authenticator.wait_for(attempt.remote);
  if (!wait) return auth::Authenticator::too_many_failures();
  if (wait->count() == 0) {
    if (auto answer = authenticator.check_now(attempt)) return answer;
  }
  if (!step.is_held()) step.hold();
  step.stage = ROMP_STAGE_FRAME;
  login_ = std::make_unique<Login>();
  login_->attempt = std::move(attempt);
  login_->step = std::make_unique<Step>(std::move(step));
  if (wait->count() != 0) {
    pause(*wait);
  } else {
    check_login();
  }
  return std::nullopt;
}

/// The connection is let go by the task's own hand, so that it never ends on a thread of the pool.
void Connection::check_login() {
  login_->being_checked = true;
  pause(longest_check);
  const auto done = [self = base::Ptr<Connection>(this)](auth::Answer answer) mutable {
    Roster& roster = self->roster();
    roster.post([self = std::move(self), answer = std::move(answer)]() mutable {
      self->login_answered(std::move(answer));
    });
  };
  if (environment().authenticator.check_later(std::move(login_->attempt), done)) return;
  roster_->post(
      [self = base::Ptr<Connection>(this)] { self->login_answered(auth::Authenticator::busy()); });
}

void Connection::login_answered(auth::Answer answer) {
  if (!login_ || state_ != State::open) return;
  login_->answer = std::move(answer);
  const auto step = std::move(login_->step);
  continue_with(*step);
}

/// Its turn has come, or nobody has answered.
void Connection::login_due() {
  if (login_->being_checked) {
    fail({"busy", "the login could not be checked in time"}, {});
  } else if (auto answer = environment().authenticator.check_now(login_->attempt)) {
    login_answered(std::move(*answer));
  } else {
    check_login();
  }
}

void Connection::renew_access() {
  if (!session_ || state_ != State::open) return;
  const auto& environment = this->environment();
  const auto identity = environment.authenticator.known_as(peer().user);
  const bool admin = (arrival_.flags & ROMP_SESSION_ADMIN) != 0 || identity.is_admin();
  peer_->flags = (peer_->flags & ~ROMP_SESSION_ADMIN) | (admin ? ROMP_SESSION_ADMIN : 0U);
  auto access = std::make_unique<Access>();
  if (!admin) access->rights = environment.permissions.rights_of(identity);
  access->ends = session_->ends();
  session_->give_access(std::move(access));
  const auto forbidden = session_->what_is_forbidden_now();
  if (forbidden.empty()) return;
  fail({"permissions changed", "subscribe to " + forbidden + " again, where it is still allowed"},
       {});
}

}  // namespace romp::session
