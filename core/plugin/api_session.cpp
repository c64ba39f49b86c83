// SPDX-License-Identifier: Apache-2.0
#include "plugin/host_api.hpp"
#include "plugin/message.hpp"
#include "plugin/text.hpp"

namespace romp::plugin {
namespace {

constexpr Rule in_filter{once_created, Mark::session};
constexpr Rule anywhere{once_created};
constexpr Rule with_auth{once_created, Mark::any, ROMP_CAP_AUTH};
constexpr Rule with_publish{once_created, Mark::any, ROMP_CAP_PUBLISH};
constexpr std::size_t longest_user = 1024;
constexpr std::size_t most_attributes = 64;
constexpr std::size_t longest_key = 256;
constexpr std::size_t longest_value = 8192;

bool in_hand(const Instance& self, romp_session_id session) {
  return current.instance == &self && current.call != nullptr && current.call->peer.id == session;
}

/// Sessions of others want a capability.
romp_status check_reach(Instance& self, romp_session_id session) {
  if (session == 0) return ROMP_E_GONE;
  if (in_hand(self, session) || self.has(ROMP_CAP_SESSIONS)) return ROMP_OK;
  return self.environment().deferrals.holds(self, session) ? ROMP_OK : ROMP_E_DENIED;
}

romp_status authenticate(const romp_host* host, romp_session_id session, romp_str user) {
  return entered(host, with_auth, [&](Instance& self) -> romp_status {
    if (!sound(user) || user.len == 0) return ROMP_E_INVAL;
    if (user.len > longest_user) return ROMP_E_TOOBIG;
    if (!in_hand(self, session)) {
      return self.environment().deferrals.authenticate(self, session, view(user));
    }
    auto& call = *current.call;
    if (call.filter->stage != ROMP_STAGE_AUTH) return ROMP_E_STATE;
    call.has_answer = true;
    call.authenticated = view(user);
    call.authenticate_called = true;
    return ROMP_OK;
  });
}

bool is_server_command(std::uint32_t command) {
  return command == 0 || command == ROMP_CMD_MESSAGE || command == ROMP_CMD_RECEIPT ||
         command == ROMP_CMD_ERROR;
}

romp_status session_send(const romp_host* host, romp_session_id session,
                         const romp_message* given) {
  return entered(host, anywhere, [&](Instance& self) -> romp_status {
    if (const auto s = check_reach(self, session); s != ROMP_OK) return s;
    Message message;
    if (const auto s = message.read(self, "session_send", given); s != ROMP_OK) return s;
    if (!is_server_command(given->command)) return ROMP_E_INVAL;
    return self.environment().gateway.send_to_session(session,
                                                      message.outgoing(stomp::Command::message));
  });
}

romp_status session_close(const romp_host* host, romp_session_id session, std::uint32_t how,
                          romp_str reason) {
  return entered(host, anywhere, [&](Instance& self) -> romp_status {
    if (const auto s = check_reach(self, session); s != ROMP_OK) return s;
    if (how > ROMP_CLOSE_NOW || !sound(reason)) return ROMP_E_INVAL;
    return self.environment().gateway.close_session(session, how == ROMP_CLOSE_NOW, view(reason));
  });
}

using Attributes = std::map<std::string, std::string, std::less<>>;

Attributes* attributes_of(const Instance& self, const romp_ctx* ctx, std::uint32_t scope) {
  auto* call = call_of(self, ctx);
  if (call == nullptr || scope > ROMP_SCOPE_SESSION) return nullptr;
  return scope == ROMP_SCOPE_FRAME ? &call->attributes : &call->peer.attributes;
}

romp_status attr_get(const romp_host* host, const romp_ctx* ctx, std::uint32_t scope, romp_str key,
                     romp_str* out) {
  return entered(host, in_filter, [&](Instance& self) -> romp_status {
    const auto* attributes = attributes_of(self, ctx, scope);
    if (attributes == nullptr || out == nullptr || !sound(key)) return ROMP_E_INVAL;
    const auto it = attributes->find(view(key));
    if (it == attributes->end()) return ROMP_E_NOTFOUND;
    *out = str(it->second);
    return ROMP_OK;
  });
}

romp_status set_attribute(Attributes& attributes, std::string_view key, romp_str value) {
  const auto it = attributes.find(key);
  if (value.data == nullptr) {
    if (it != attributes.end()) attributes.erase(it);
    return ROMP_OK;
  }
  if (key.size() > longest_key || value.len > longest_value) return ROMP_E_TOOBIG;
  if (it != attributes.end()) {
    it->second = view(value);
    return ROMP_OK;
  }
  if (attributes.size() >= most_attributes) return ROMP_E_TOOBIG;
  attributes.emplace(key, view(value));
  return ROMP_OK;
}

romp_status attr_set(const romp_host* host, const romp_ctx* ctx, std::uint32_t scope, romp_str key,
                     romp_str value) {
  return entered(host, in_filter, [&](Instance& self) -> romp_status {
    auto* attributes = attributes_of(self, ctx, scope);
    if (attributes == nullptr || !sound(key) || key.len == 0 || !sound(value)) return ROMP_E_INVAL;
    return set_attribute(*attributes, view(key), value);
  });
}

romp_status publish(const romp_host* host, const romp_message* given) {
  return entered(host, with_publish, [&](Instance& self) -> romp_status {
    Message message;
    if (const auto s = message.read(self, "publish", given); s != ROMP_OK) return s;
    if (given->command != 0 && given->command != ROMP_CMD_SEND &&
        given->command != ROMP_CMD_MESSAGE) {
      return ROMP_E_INVAL;
    }
    if (given->destination.len == 0) return ROMP_E_INVAL;
    return self.environment().gateway.publish(message.outgoing(stomp::Command::send));
  });
}

}  // namespace

void set_session_functions(romp_host& table) noexcept {
  table.authenticate = authenticate;
  table.session_send = session_send;
  table.session_close = session_close;
  table.attr_get = attr_get;
  table.attr_set = attr_set;
  table.publish = publish;
}

}  // namespace romp::plugin
