// SPDX-License-Identifier: Apache-2.0
#include "session/handshake.hpp"

#include <optional>
#include <vector>

#include "base/log.hpp"
#include "session/access.hpp"
#include "session/filters.hpp"
#include "session/roster.hpp"
#include "session/session.hpp"

namespace romp::session {
namespace {

using stomp::Name;
using stomp::ProtocolError;

auth::Identity identity_in(auth::Answer answer, const Connection& connection,
                           const stomp::Frame& frame) {
  if (answer.who) return std::move(*answer.who);
  base::log::warning("login of \"" + std::string(frame.find(Name::login).substr(0, 128)) +
                     "\" from " + connection.remote() + " refused: " + answer.why);
  throw ProtocolError(answer.message, answer.why);
}

/// By a plugin, else as the operator has said. Nothing while it is being found out.
std::optional<auth::Identity> identify(Connection& connection, Step& step) {
  const plugin::Call* call = step.known_call();
  if (step.vouched_for || (call != nullptr && call->authenticate_called)) {
    return connection.environment().authenticator.known_as(call->authenticated);
  }
  auto answer = connection.answer_to_login(step);
  if (!answer) return std::nullopt;
  return identity_in(std::move(*answer), connection, step.frame());
}

/// Null where everything is allowed for ever.
std::unique_ptr<Access> access_of(const Connection& connection, const auth::Identity& identity,
                                  bool admin) {
  auto access = std::make_unique<Access>();
  if (!admin) access->rights = connection.environment().permissions.rights_of(identity);
  if (identity.ends_ms != 0) {
    access->ends =
        base::Clock::now() + std::chrono::milliseconds(identity.ends_ms - base::unix_ms());
  }
  if (!access->rights && identity.ends_ms == 0) return nullptr;
  return access;
}

std::unique_ptr<Session> session_for(Connection& connection, const auth::Identity& identity) {
  plugin::Peer& peer = connection.peer();
  peer.user = identity.user;
  peer.flags |= ROMP_SESSION_AUTHENTICATED | (identity.is_admin() ? ROMP_SESSION_ADMIN : 0U);
  auto session = std::make_unique<Session>(connection);
  session->give_access(access_of(connection, identity, (peer.flags & ROMP_SESSION_ADMIN) != 0));
  return session;
}

/// False when a filter refuses the client, or has not decided yet.
bool may_enter(Connection& connection, Step& step, std::uint32_t stage) {
  switch (pass_filters(connection, step, stage)) {
    case Passed::deferred:
      return false;
    case Passed::rejected:
      connection.finish();
      return false;
    case Passed::handled:
      step.vouched_for = stage == ROMP_STAGE_AUTH;
      break;
    case Passed::on:
      break;
  }
  return true;
}

void greet(Connection& connection, stomp::Version version, const stomp::HeartBeat& beat) {
  const auto& environment = connection.environment();
  const std::string session = environment.broker.boot() + "-" + std::to_string(connection.id());
  const std::string beats =
      std::to_string(beat.offered.count()) + "," + std::to_string(beat.wanted.count());
  const std::vector<stomp::Header> headers{{"version", stomp::name_of(version)},
                                           {"session", session},
                                           {"server", environment.server_header},
                                           {"heart-beat", beats}};
  connection.send(stomp::Command::connected, headers, {});
}

}  // namespace

void shake_hands(Connection& connection, Step& step) {
  stomp::Frame& frame = step.frame();
  if (frame.command != stomp::Command::connect && frame.command != stomp::Command::stomp) {
    throw ProtocolError("not connected",
                        "the first frame must be CONNECT or STOMP, not " + std::string(frame.word));
  }
  if (!may_enter(connection, step, ROMP_STAGE_ACCEPT)) return;
  const auto version = stomp::choose_version(frame.find(Name::accept_version));
  if (!version) {
    throw ProtocolError("unsupported version", "supported protocol versions are 1.2, 1.1 and 1.0");
  }
  const auto& settings = connection.environment().settings;
  const auto beat = stomp::negotiate(
      frame.find(Name::heart_beat),
      {settings.heart_beat_read, settings.heart_beat_write_min, settings.heart_beat_write_max});
  if (!step.vouched_for && !may_enter(connection, step, ROMP_STAGE_AUTH)) return;
  const auto identity = identify(connection, step);
  if (!identity) return;
  auto session = session_for(connection, *identity);
  session->take_place(connection.environment().users->enter(identity->user));
  greet(connection, *version, beat);
  connection.begin_session(std::move(session), *version, beat);
}

/// The clients of another server are all one user here, and have a bound of their own.
void admit(Connection& connection, const std::string& user) {
  connection.begin_session(session_for(connection, auth::Identity{user, {}, 0}),
                           stomp::Version::v1_2, {});
}

}  // namespace romp::session
