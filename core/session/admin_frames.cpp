// SPDX-License-Identifier: Apache-2.0
// SEND to /virt/admin/...: orders of administrators, as with romp.
#include <charconv>

#include "session/roster.hpp"
#include "session/session.hpp"

namespace romp::session {
namespace {

using stomp::ProtocolError;

constexpr std::string_view prefix = "/virt/admin/";

/// The number behind the dash of a session's name in CONNECTED, or the number alone.
std::uint64_t session_named(std::string_view text) {
  text.remove_prefix(text.rfind('-') == text.npos ? 0 : text.rfind('-') + 1);
  std::uint64_t id = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  return error == std::errc{} && stop == text.data() + text.size() ? id : 0;
}

}  // namespace

/// The answer is a MESSAGE to this session, with what was done or why not.
bool Session::obey(const stomp::Frame& frame, std::string_view destination) {
  if (!environment().administer) return false;
  if ((connection_.peer().flags & ROMP_SESSION_ADMIN) == 0) {
    throw ProtocolError("not allowed", "only administrators may send to " +
                                           std::string(destination.substr(0, 256)));
  }
  AdminOrder order;
  order.action = destination.substr(prefix.size());
  order.destination = frame.find("name");
  order.session = session_named(frame.find("session"));
  order.who = connection_.peer().user + " at " + connection_.remote();
  auto& roster = connection_.roster();
  const auto reply = [&roster, id = connection_.id(),
                      to = std::string(destination)](AdminOutcome outcome) {
    roster.post([&roster, id, to, outcome = std::move(outcome)] {
      const auto connection = roster.find(id);
      if (!connection || !connection->is_open()) return;
      const std::string text = outcome.text + "\n";
      const std::vector<stomp::Header> headers{{"message", outcome.done ? "ok" : "failed"},
                                               {"content-type", "text/plain"}};
      connection->send_for_plugin({stomp::Command::message, to, headers, text, nullptr});
    });
  };
  environment().administer(std::move(order), reply);
  return true;
}

}  // namespace romp::session
