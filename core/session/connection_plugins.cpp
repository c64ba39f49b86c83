// SPDX-License-Identifier: Apache-2.0
// What plugins see of a connection.
#include <array>

#include "session/roster.hpp"
#include "session/session.hpp"

namespace romp::session {

plugin::Peer& Connection::peer() {
  if (!peer_) {
    peer_ = std::make_unique<plugin::Peer>();
    peer_->id = id_;
    peer_->remote = transport_->remote();
    peer_->transport = arrival_.transport;
    peer_->flags = arrival_.flags;
  }
  return *peer_;
}

void Connection::introduce() {
  const auto since = std::chrono::nanoseconds(roster_->now().time_since_epoch()).count();
  const auto& known = peer();
  roster_->introduce({id_, known.user, known.remote, known.transport, known.flags, since});
  tell(ROMP_EV_SESSION_CONNECTED);
  log_access("has come");
}

/// Who it is, and from where. Before CONNECTED it is nobody.
void Connection::log_access(std::string_view what) {
  const auto level = environment().access_level;
  if (!session_ || !base::log::enabled(level)) return;
  static constexpr std::array<std::string_view, 5> ways{"TCP", "TLS", "WebSocket",
                                                        "WebSocket and TLS", "another server"};
  const auto& known = peer();
  const std::string user = known.user.empty() ? "nobody" : "\"" + known.user + "\"";
  base::log::write(level, known.remote + " session " + std::to_string(id_) + " of " + user +
                              " by " + std::string(ways[known.transport]) + " " +
                              std::string(what));
}

void Connection::tell(std::uint32_t event) {
  const auto& plugins = environment().plugins;
  if (!plugins.wants(event)) return;
  const bool is_over = event == ROMP_EV_SESSION_CLOSED;
  plugins.tell({.type = event,
                .session = id_,
                .user = peer_ ? std::string_view(peer_->user) : std::string_view(),
                .reason = is_over ? std::string_view(end_reason_) : std::string_view()});
}

}  // namespace romp::session
