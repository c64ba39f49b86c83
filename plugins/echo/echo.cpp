// SPDX-License-Identifier: Apache-2.0
#include <romp/plugin.hpp>

#include <algorithm>
#include <iterator>

namespace {

/// Headers that speak to the broker, or that reply() sets itself: not the user's.
bool is_protocol(std::string_view name) {
  static constexpr std::string_view names[] = {
      "ack",      "content-length", "content-type", "correlation-id", "destination",
      "expires",  "message-id",     "persistent",   "priority",       "receipt",
      "reply-to", "subscription",   "transaction"};
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

romp::verdict on_send(romp::frame& f) {
  romp::outgoing echo;
  echo.body(std::string(f.body())).content_type(std::string(f.header("content-type")));
  for (const romp::header h : f.headers()) {
    if (!is_protocol(h.name)) echo.header(std::string(h.name), std::string(h.value));
  }
  f.reply(echo);
  return romp::handled;
}

constexpr auto about = romp::about("Answers /virt/echo with what was sent").concurrent();

}  // namespace

ROMP_PLUGIN_CPP_WITH("echo", "1.0.0", about,
                     [](romp::plugin& p) { p.on_frame(romp::send, "/virt/echo", on_send); });
