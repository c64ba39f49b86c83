// SPDX-License-Identifier: Apache-2.0
#include "session/handshake.hpp"

#include <vector>

#include "session/filters.hpp"
#include "session/roster.hpp"
#include "session/session.hpp"

namespace romp::session {
namespace {

using stomp::Name;
using stomp::ProtocolError;

/// By a plugin, else by login and passcode, where the operator has set them.
void authenticate(Connection& connection, const Step& step) {
  plugin::Peer& peer = connection.peer();
  const plugin::Call* call = step.known_call();
  const auto& authenticator = connection.environment().authenticator;
  const auto login = step.frame().find(Name::login);
  if (step.vouched_for || (call != nullptr && call->authenticate_called)) {
    peer.user = call->authenticated;
  } else if (authenticator.is_required()) {
    if (!authenticator.accepts(login, step.frame().find(Name::passcode))) {
      throw ProtocolError("login refused", "login or passcode is wrong");
    }
    peer.user = login;
  }
  peer.flags |= ROMP_SESSION_AUTHENTICATED;
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
  authenticate(connection, step);
  greet(connection, *version, beat);
  connection.begin_session(std::make_unique<Session>(connection), *version, beat);
}

}  // namespace romp::session
