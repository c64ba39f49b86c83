// SPDX-License-Identifier: Apache-2.0
#include "session/outbound_connection.hpp"

#include <boost/container/small_vector.hpp>
#include <utility>

#include "stomp/writer.hpp"

namespace romp::session {
namespace {

/// Octets that may wait for sessions, whatever the server is told.
constexpr std::size_t most_waiting = std::size_t{16} << 20;

using Headers = boost::container::small_vector<stomp::Header, 16>;

Headers headers_of(const plugin::Outgoing& frame) {
  Headers headers;
  if (!frame.destination.empty()) headers.push_back({"destination", frame.destination});
  headers.insert(headers.end(), frame.headers.begin(), frame.headers.end());
  return headers;
}

std::uint32_t state_of(client::State state) {
  switch (state) {
    case client::State::up:
      return ROMP_CLIENT_UP;
    case client::State::connecting:
      return ROMP_CLIENT_CONNECTING;
    default:
      return ROMP_CLIENT_WAITING;
  }
}

std::unique_ptr<InnerSessions> sessions_for(Roster& roster, const plugin::OutboundWish& wish,
                                            InnerSessions::Above above) {
  if ((wish.flags & ROMP_CLIENT_AS_SESSION) == 0) return nullptr;
  return std::make_unique<InnerSessions>(roster, wish.instance, std::move(above));
}

}  // namespace

OutboundConnection::OutboundConnection(Roster& roster, const plugin::OutboundWish& wish,
                                       client::Settings settings,
                                       std::shared_ptr<client::TlsContext> tls, Ends ends)
    : roster_(roster),
      ends_(std::move(ends)),
      required_((wish.flags & ROMP_CLIENT_REQUIRED) != 0),
      connection_(
          new client::Connection(roster.worker(), std::move(settings), std::move(tls), *this)),
      sessions_(sessions_for(
          roster, wish,
          {[this](const std::string& client, std::unique_ptr<stomp::Batch> frames) {
             ends_.put({plugin::Arrived::Kind::answers, 0, ROMP_OK, client, std::move(frames)});
           },
           [this](bool on) { hold_here(Reason::sessions, on); }})) {
  is_missed(required_);
}

void OutboundConnection::start() {
  roster_.post([self = shared_from_this()] { self->connection_->start(); });
}

romp_status OutboundConnection::send(std::uint64_t epoch, const plugin::Outgoing& frame) {
  using Sent = client::Connection::Sent;
  const auto headers = headers_of(frame);
  switch (connection_->send(epoch, frame.command, {headers.data(), headers.size()}, frame.body)) {
    case Sent::taken:
      return ROMP_OK;
    case Sent::full:
      return ROMP_E_AGAIN;
    case Sent::not_up:
      return ROMP_E_STATE;
    case Sent::unfit:
      break;
  }
  return ROMP_E_INVAL;
}

romp_status OutboundConnection::submit(std::string_view client, const plugin::Outgoing& frame) {
  if (!sessions_) return ROMP_E_INVAL;
  if (sessions_->waiting() > most_waiting) return ROMP_E_AGAIN;
  std::string octets;
  const auto headers = headers_of(frame);
  append_frame(octets, stomp::Command::send, {headers.data(), headers.size()}, frame.body,
               stomp::Version::v1_2);
  sessions_->expect(octets.size());
  roster_.post([self = shared_from_this(), to = std::string(client), octets = std::move(octets)] {
    self->sessions_->submit(to, octets);
  });
  return ROMP_OK;
}

void OutboundConnection::hold(Reason reason, bool on) {
  roster_.post([self = shared_from_this(), reason, on] { self->hold_here(reason, on); });
}

/// Sessions must not write more either while the queue is full.
void OutboundConnection::hold_here(Reason reason, bool on) {
  const auto bit = static_cast<unsigned>(reason);
  held_ = on ? held_ | bit : held_ & ~bit;
  held_ != 0 ? connection_->pause() : connection_->go_on();
  if (reason == Reason::queue && sessions_) sessions_->block(on);
}

void OutboundConnection::restart(std::string_view why) {
  roster_.post(
      [self = shared_from_this(), why = std::string(why)] { self->connection_->restart(why); });
}

void OutboundConnection::close() {
  roster_.post([self = shared_from_this()] {
    self->is_missed(false);
    self->connection_->close();
    if (self->sessions_) self->sessions_->end_all();
  });
}

romp_client_status OutboundConnection::status() const {
  const auto known = connection_->status();
  return {.size = sizeof(romp_client_status),
          .state = state_of(known.state),
          .times_up = known.epoch,
          .failures = known.failures,
          .frames_in = known.frames_in,
          .frames_out = known.frames_out,
          .unwritten = known.unwritten,
          .sessions = sessions_ ? sessions_->size() : 0};
}

void OutboundConnection::on_up(std::uint64_t epoch, std::unique_ptr<stomp::Batch> connected) {
  is_missed(false);
  if (held_ != 0) connection_->pause();
  ends_.put({plugin::Arrived::Kind::up, epoch, ROMP_OK, {}, std::move(connected)});
}

void OutboundConnection::on_frames(std::unique_ptr<stomp::Batch> frames) {
  ends_.put({plugin::Arrived::Kind::frames, 0, ROMP_OK, {}, std::move(frames)});
}

void OutboundConnection::on_down(std::uint64_t epoch, bool refused, const std::string& why) {
  is_missed(required_);
  ends_.put({plugin::Arrived::Kind::down, epoch, refused ? ROMP_E_DENIED : ROMP_E_GONE, why, {}});
}

void OutboundConnection::is_missed(bool missed) {
  if (std::exchange(missed_, missed) == missed) return;
  missed ? ++ends_.required_down : --ends_.required_down;
}

}  // namespace romp::session
