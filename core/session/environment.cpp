// SPDX-License-Identifier: Apache-2.0
#include "session/environment.hpp"

#include "base/log.hpp"
#include "base/version.hpp"
#include "session/compose.hpp"

namespace romp::session {
namespace {

constexpr std::size_t early_frame = 8192;

stomp::Limits limits_from(const config::Settings& settings) {
  stomp::Limits limits;
  limits.headers = settings.max_headers;
  limits.header_line = settings.max_header_len;
  limits.body = settings.max_message_size;
  return limits;
}

}  // namespace

Environment::Environment(const config::Settings& s, broker::Broker& b, auth::Authenticator& a,
                         const auth::Permissions& granted, plugin::Host& p)
    : settings(s),
      broker(b),
      authenticator(a),
      permissions(granted),
      plugins(p),
      limits(limits_from(s)),
      early_limits(limits),
      users(std::make_unique<Users>(s.user_sessions, s.user_subscriptions)),
      access_level(base::log::level_named(s.access_log)),
      server_header(s.name + "/" + base::version) {
  early_limits.frame = early_frame;
  early_limits.large_body = early_frame;
}

void Environment::dead_letter(const broker::Destination& from,
                              std::vector<broker::MessagePtr> messages,
                              std::string_view reason) const {
  const std::string& target = from.settings().dead_letter;
  for (const auto& message : messages) {
    const bool kept =
        !target.empty() && target != from.name() &&
        broker.publish_now(target, compose_dead_letter(*message, target, from.name(), reason));
    if (!kept)
      base::log::warning("a message of " + from.name() + " was dropped: " + std::string(reason));
  }
}

}  // namespace romp::session
