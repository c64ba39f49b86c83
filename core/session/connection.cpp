// SPDX-License-Identifier: Apache-2.0
#include "session/connection.hpp"

#include <boost/asio/error.hpp>

#include "base/log.hpp"
#include "broker/refused.hpp"
#include "session/client_subscription.hpp"
#include "session/filters.hpp"
#include "session/handshake.hpp"
#include "session/login.hpp"
#include "session/roster.hpp"
#include "session/session.hpp"
#include "stomp/writer.hpp"

namespace romp::session {
namespace {

namespace asio = boost::asio;
using stomp::ProtocolError;

constexpr base::Duration linger_time = std::chrono::seconds(2);
constexpr std::size_t pieces_at_once = 64;

bool nothing_now(const net::error_code& error) {
  return error == asio::error::would_block || error == asio::error::try_again;
}

}  // namespace

Connection::Connection(std::unique_ptr<net::Transport> transport, Roster& roster, std::uint64_t id,
                       const Arrival& arrival)
    : roster_(&roster),
      id_(id),
      arrival_(arrival),
      transport_(std::move(transport)),
      reader_(roster, *this, roster.environment().early_limits) {}

Connection::~Connection() = default;

const Environment& Connection::environment() const noexcept { return roster_->environment(); }

void Connection::start() {
  last_heard_ = last_sent_ = roster_->now();
  began_ = std::min(arrival_.since, last_heard_);
  tell(ROMP_EV_SESSION_OPENED);
  arm(next_due());
  want_input();
}

void Connection::begin_session(std::unique_ptr<Session> session, stomp::Version version,
                               const stomp::HeartBeat& beat) {
  session_ = std::move(session);
  version_ = version;
  beat_ = beat;
  reader_.set_version(version);
  reader_.set_limits(environment().limits);
  roster_->counters().sessions.add();
  arm(next_due());
  introduce();
}

// ---- reading ----------------------------------------------------------------------------------

void Connection::want_input() {
  if (waits_readable_ || paused_ || peer_is_done_ || state_ == State::closed) return;
  waits_readable_ = true;
  transport_->wait_readable(*this);
}

void Connection::on_readable(net::error_code error) {
  waits_readable_ = false;
  if (state_ == State::closed) return;
  {
    const Roster::Turn turn(*roster_);
    if (error) {
      close();
    } else {
      roster_->rest_before_reading(round_);
      state_ == State::open ? read() : discard_input();
    }
  }
  auto* const to = std::exchange(moves_to_, nullptr);
  if (to != nullptr && can_move()) {
    move(*to);
  } else {
    want_input();  // only now: the answers are on their way before this costs a system call
  }
}

void Connection::read() {
  net::error_code error;
  try {
    if (reader_.read(*transport_, error)) last_heard_ = roster_->now();
  } catch (const ProtocolError& wrong) {
    fail_in_reading(wrong);
    return;
  }
  if (reader_.is_in_frame()) arm(next_due());
  if (!error || nothing_now(error)) return;
  peer_is_done_ = true;
  if (outbox_.empty()) {
    close();
  } else {
    finish();
  }
}

bool Connection::take(stomp::Frame& frame) {
  roster_->counters().frames_in.add();
  Step step(frame);
  guarded_handle(step);
  return takes_frames();
}

bool Connection::take_head(stomp::Frame& frame, std::size_t size) {
  roster_->counters().frames_in.add();
  if (session_) session_->check_access(frame);
  large_ = std::make_unique<Step>(frame);
  large_->hold();
  if (session_ && pass_early_filters(*this, *large_, size) != Passed::on) large_.reset();
  return large_ != nullptr;
}

bool Connection::take_body(const base::Ptr<broker::Body>& body) {
  const std::unique_ptr<Step> step = std::move(large_);
  step->frame().body_is({body->octets(), body->size()}, body);
  guarded_handle(*step);
  return takes_frames();
}

/// What a client does wrong is answered here, and nowhere else.
void Connection::guarded_handle(Step& step) {
  const bool comes_in = !session_;
  try {
    if (comes_in) {
      shake_hands(*this, step);
    } else {
      session_->on_frame(step);
    }
  } catch (const ProtocolError& error) {
    fail(error, step.receipt());
  } catch (const broker::Refused& refused) {
    fail({refused.what(), refused.detail()}, step.receipt());
  }
  if (comes_in && !deferred_ && !login_) step.frame().wipe_passcode();
}

void Connection::fail(const ProtocolError& error, std::string_view receipt) {
  base::log::debug(transport_->remote() + ": " + error.what() + ": " + error.detail());
  if (end_reason_.empty()) end_reason_ = error.what();
  send_error(error.what(), receipt, error.detail());
  finish();
}

/// A frame that cannot be read; its receipt may have been.
void Connection::fail_in_reading(const ProtocolError& error) {
  const auto step = std::move(large_);
  fail(error, step ? step->receipt() : roster_->frame().find(stomp::Name::receipt));
}

void Connection::discard_input() {
  const std::span<char> buffer = roster_->read_buffer();
  const iovec into{buffer.data(), buffer.size()};
  net::error_code error;
  transport_->read_some({&into, 1}, error);
  if (!error || nothing_now(error)) return;
  peer_is_done_ = true;
  if (outbox_.empty() || error != asio::error::eof) close();
}

// ---- pausing ----------------------------------------------------------------------------------

void Connection::pause(base::Duration at_most) {
  paused_ = true;
  pause_ends_ = roster_->now() + at_most;
  arm(pause_ends_);
}

void Connection::go_on() {
  if (!paused_) return;
  paused_ = false;
  pause_ends_ = base::Time::max();
  if (state_ != State::open) return;
  last_heard_ = roster_->now();
  try {
    reader_.go_on();
  } catch (const ProtocolError& wrong) {
    fail_in_reading(wrong);
  }
  want_input();
}

void Connection::defer(Step step, romp_defer_id id) {
  deferred_ = std::make_unique<Step>(std::move(step));
  deferred_id_ = id;
  pause(environment().settings.defer_timeout);
}

void Connection::resume(romp_defer_id id, const plugin::Resumption& how) {
  if (!deferred_ || deferred_id_ != id || state_ != State::open) return;
  const std::unique_ptr<Step> step = std::move(deferred_);
  deferred_id_ = 0;
  if (how.verdict == ROMP_CONTINUE) {
    continue_with(*step);
  } else if (how.verdict == ROMP_HANDLED && !session_) {
    step->vouched_for = true;
    continue_with(*step);
  } else if (how.verdict == ROMP_HANDLED) {
    send_receipt(step->receipt());
    go_on();
  } else {
    reject(*this, *step, how.reply, how.log, how.fatal || !session_);
    go_on();
  }
}

void Connection::room_again() {
  if (state_ != State::open || !session_) return;
  if (const auto step = session_->take_waiting()) continue_with(*step);
}

void Connection::continue_with(Step& step) {
  guarded_handle(step);
  if (!deferred_ && (!session_ || !session_->is_waiting())) go_on();
}

// ---- writing ----------------------------------------------------------------------------------

void Connection::output_waits() {
  if (waits_writable_) {
    in_outbox_.store(outbox_.bytes(), std::memory_order_relaxed);
  } else if (!to_write_) {
    to_write_ = true;
    roster_->write_later(*this);
  }
}

void Connection::letters_opened(std::size_t octets) noexcept {
  in_letters_.fetch_sub(octets);
  in_outbox_.store(outbox_.bytes(), std::memory_order_relaxed);
  if (refused_room_.load()) output_waits();
}

std::size_t Connection::backlog() const noexcept {
  const std::size_t in_outbox = roster_->is_here() ? outbox_.bytes() : in_outbox_.load();
  return in_outbox + in_letters_.load();
}

void Connection::end_by_server(const std::string& reason) {
  if (!reason.empty()) send_error(reason, {}, reason);
  if (end_reason_.empty()) end_reason_ = reason;
  finish();
}

void Connection::write() {
  to_write_ = false;
  if (waits_writable_ || state_ == State::closed) return;
  iovec pieces[pieces_at_once];
  while (!outbox_.empty()) {
    const std::size_t count = outbox_.gather(pieces, roster_->write_buffer());
    net::error_code error;
    const std::size_t n = transport_->write_some({pieces, count}, error);
    if (nothing_now(error)) {
      waits_writable_ = true;
      transport_->wait_writable(*this);
      break;
    }
    if (error) {
      close();
      return;
    }
    outbox_.drop(n);
    last_sent_ = roster_->now();
  }
  written();
}

/// The order of the two accesses matters: whoever finds no room says so before it looks again.
void Connection::written() {
  in_outbox_.store(outbox_.bytes());
  if (refused_room_.load() && backlog() < environment().settings.outbox_mark / 2) {
    refused_room_.store(false);
    if (session_) session_->has_room_again();
  }
  if (state_ == State::finishing && outbox_.empty()) linger();
}

void Connection::on_writable(net::error_code error) {
  waits_writable_ = false;
  if (state_ == State::closed) return;
  const Roster::Turn turn(*roster_);
  if (error) {
    close();
  } else {
    write();
  }
}

bool Connection::has_room() const noexcept {
  const std::size_t mark = environment().settings.outbox_mark;
  if (backlog() < mark) return true;
  refused_room_.store(true);
  return backlog() < mark;
}

bool Connection::is_over_limit() const noexcept {
  return backlog() >= environment().settings.outbox_limit;
}

// ---- ending -----------------------------------------------------------------------------------

void Connection::subscription_lost(ClientSubscription& subscription, const std::string& reason) {
  if (state_ != State::open) return;
  fail({"subscription ended", "subscription \"" + subscription.wish().id + "\" to " +
                                  subscription.wish().destination + ": " + reason},
       {});
}

void Connection::finish() {
  if (state_ != State::open) return;
  state_ = State::finishing;
  end_session();
  paused_ = false;
  give_up_at_ = roster_->now() + environment().settings.drain_timeout;
  arm(give_up_at_);
  if (outbox_.empty()) {
    linger();
  } else {
    output_waits();
  }
  want_input();
}

/// The session takes no more part; its subscriptions, transactions and deferred frame end.
void Connection::end_session() {
  if (deferred_) environment().plugins.forget(deferred_id_);
  deferred_.reset();
  login_.reset();
  large_.reset();
  if (session_) session_->end();
  if (!has_ended_) {
    log_access(end_reason_.empty() ? "has gone" : "has gone: " + end_reason_);
    tell(ROMP_EV_SESSION_CLOSED);
  }
  has_ended_ = true;
  if (peer_) environment().plugins.ended(*peer_);
  peer_.reset();
}

/// Reads on for a moment: closing with unread input would reset the connection, and the client
/// would lose what was written last.
void Connection::linger() {
  if (peer_is_done_) {
    close();
    return;
  }
  state_ = State::lingering;
  give_up_at_ = roster_->now() + linger_time;
  arm(give_up_at_);
  transport_->finish_writing();
}

void Connection::close() {
  if (state_ == State::closed) return;
  const base::Ptr<Connection> self(this);
  state_ = State::closed;
  cancel();
  end_session();
  outbox_.clear();
  transport_->close();
  roster_->remove(*this);
}

}  // namespace romp::session
