// SPDX-License-Identifier: Apache-2.0
#include "server/administration.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "config/options.hpp"
#include "config/units.hpp"

namespace romp::server {

using session::AdminOutcome;

namespace {

using DestinationOption = config::Option<config::DestinationSettings>;

constexpr std::array<std::string_view, 8> changeable{
    "max_connections", "max_messages", "max_message_size", "expiry",
    "write_block",     "read_block",   "web_write_block",  "web_read_block"};
constexpr std::string_view all_changeable =
    "max_connections, max_messages, max_message_size, expiry, write_block, read_block, "
    "web_write_block and web_read_block can be changed";

const DestinationOption* changeable_option(std::string_view key) {
  if (std::ranges::find(changeable, key) == changeable.end()) return nullptr;
  return &*std::ranges::find(config::destination_options(), key, &DestinationOption::key);
}

}  // namespace

Administration::Administration(Sources sources)
    : from_(std::move(sources)), started_(base::unix_ms() / 1000) {}

AdminOutcome Administration::act(const session::AdminOrder& order) {
  AdminOutcome outcome{false, "there is no order \"" + order.action +
                                  "\"; shutdown, kill, clean, perms, reload and close-session are"};
  if (order.action == "clean") outcome = purge(order.destination);
  if (order.action == "perms") outcome = change(order.destination, order.perms);
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

/// All of it or nothing.
AdminOutcome Administration::change(const std::string& name, const Perms& perms) {
  const auto destination = from_.broker.find_existing(name);
  if (!destination) return {false, "there is no destination \"" + name + "\""};
  auto settings = destination->settings();
  destination->live().get(settings);
  std::string done;
  for (const auto& [key, value] : perms) {
    const auto* const option = changeable_option(key);
    if (option == nullptr) return {false, "not \"" + key + "\": " + std::string(all_changeable)};
    if (!option->set(settings, value)) {
      return {false, key + " = " + value + ": expected " + option->expects};
    }
    done += (done.empty() ? "" : ", ") + key + " = " + option->get(settings);
  }
  if (settings.max_message_size > from_.settings.max_message_size) {
    return {false, "max_message_size: more than the server takes, " +
                       config::print_octets(from_.settings.max_message_size)};
  }
  if (done.empty()) return {false, "no header says what: " + std::string(all_changeable)};
  destination->reconfigure(settings);
  return {true, name + " has " + done + " until it is deleted or the server ends"};
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
