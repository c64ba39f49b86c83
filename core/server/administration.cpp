// SPDX-License-Identifier: Apache-2.0
#include "server/administration.hpp"

#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "base/log.hpp"

namespace romp::server {

using session::AdminOutcome;

Administration::Administration(Sources sources)
    : from_(std::move(sources)), started_(base::unix_ms() / 1000) {}

AdminOutcome Administration::act(const session::AdminOrder& order) {
  AdminOutcome outcome{false, "there is no order \"" + order.action +
                                  "\"; shutdown, kill, clean, reload and close-session are"};
  if (order.action == "clean") outcome = purge(order.destination);
  if (order.action == "close-session") outcome = close_session(order.session);
  if (order.action == "reload") outcome = use(powers_.reload, "reading the configuration again");
  if (order.action == "shutdown") outcome = use(powers_.drain, "draining, then ending");
  if (order.action == "kill") outcome = use(powers_.kill, "ending");
  // A warning, so that no usual level hides it.
  base::log::warning("audit: " + order.who + ": " + order.action +
                     (order.destination.empty() ? "" : " " + order.destination) +
                     (order.session == 0 ? "" : " " + std::to_string(order.session)) + ": " +
                     outcome.text);
  return outcome;
}

AdminOutcome Administration::purge(const std::string& name) {
  const auto destination = from_.broker.find_existing(name);
  if (!destination) return {false, "there is no destination \"" + name + "\""};
  return {true, std::to_string(destination->purge()) + " messages were dropped from " + name};
}

AdminOutcome Administration::close_session(std::uint64_t session) {
  const auto status = from_.gateway.close_session(session, false, "closed by an administrator");
  if (status != ROMP_OK) return {false, "there is no such session"};
  return {true, "the session " + std::to_string(session) + " is being closed"};
}

/// The answer is on its way before its consequences are.
AdminOutcome Administration::use(const std::function<void()>& power, const char* done) {
  if (!power) return {false, "this server cannot do that"};
  power();
  return {true, done};
}

}  // namespace romp::server
