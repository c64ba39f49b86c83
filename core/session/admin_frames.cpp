// SPDX-License-Identifier: Apache-2.0
// SEND to /virt/admin/...: orders of administrators, as with romp.
#include <algorithm>
#include <array>
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

/// Every header that the frame itself does not need.
std::vector<std::pair<std::string, std::string>> perms_of(const stomp::Frame& frame) {
  constexpr std::array<std::string_view, 6> own{"destination", "name",           "receipt",
                                                "transaction", "content-length", "content-type"};
  std::vector<std::pair<std::string, std::string>> perms;
  for (const auto& header : frame.headers()) {
    if (std::ranges::find(own, header.name) == own.end()) {
      perms.emplace_back(header.name, header.value);
    }
  }
  return perms;
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
  if (order.action == "perms") order.perms = perms_of(frame);
  order.who = connection_.peer().user + " at " + connection_.remote();
  auto& roster = connection_.roster();
  const auto reply = [&roster, id = connection_.id(),
                      to = std::string(destination)](AdminOutcome outcome) {
    roster.post_to(id, [to, outcome = std::move(outcome)](Connection& connection) {
      if (!connection.is_open()) return;
      const std::string text = outcome.text + "\n";
      const std::vector<stomp::Header> headers{{"message", outcome.done ? "ok" : "failed"},
                                               {"content-type", "text/plain"}};
      connection.send_for_plugin({stomp::Command::message, to, headers, text, nullptr});
    });
  };
  environment().administer(std::move(order), reply);
  return true;
}

}  // namespace romp::session
