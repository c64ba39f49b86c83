// SPDX-License-Identifier: Apache-2.0
#include "session/outbound_connection.hpp"
#include "session/plugin_gateway.hpp"

namespace romp::session {
namespace {

using std::chrono::milliseconds;

void set_if_given(base::Duration& time, std::int64_t ns) {
  if (ns != 0) time = std::chrono::nanoseconds(ns);
}

client::Settings settings_of(const plugin::OutboundWish& wish, const stomp::Limits& limits) {
  client::Settings settings;
  if ((wish.flags & ROMP_CLIENT_TLS) != 0) {
    settings.tls = client::TlsSettings{wish.tls_ca, wish.tls_certificate, wish.tls_key};
  }
  settings.login = wish.login;
  settings.passcode = wish.passcode;
  if ((wish.flags & ROMP_CLIENT_TOKEN) != 0) settings.credential = client::Credential::token;
  if ((wish.flags & ROMP_CLIENT_TOKEN_SHA1) != 0) {
    settings.credential = client::Credential::token_sha1;
  }
  settings.host = wish.vhost;
  if (!wish.versions.empty()) settings.versions = wish.versions;
  settings.headers = wish.headers;
  settings.heart_out = milliseconds(wish.heart_out_ms);
  settings.heart_in = milliseconds(wish.heart_in_ms);
  set_if_given(settings.connect_timeout, wish.connect_timeout_ns);
  set_if_given(settings.retry_min, wish.retry_min_ns);
  set_if_given(settings.retry_max, wish.retry_max_ns);
  settings.retry_max = std::max(settings.retry_max, settings.retry_min);
  settings.max_age = std::chrono::nanoseconds(wish.max_age_ns);
  settings.limits = limits;
  return settings;
}

}  // namespace

romp_status PluginGateway::dial(const plugin::OutboundWish& wish, plugin::PutArrived put,
                                std::shared_ptr<plugin::Outbound>& made, std::string& why) {
  Roster& roster = next_roster();
  auto settings = settings_of(wish, roster.environment().limits);
  settings.addresses = client::addresses_of(wish.address, why);
  if (!why.empty()) return ROMP_E_INVAL;
  std::shared_ptr<client::TlsContext> tls;
  if (settings.tls) tls = client::TlsContext::make(*settings.tls, why);
  if (!why.empty()) return ROMP_E_INVAL;
  const auto connection = std::make_shared<OutboundConnection>(
      roster, wish, std::move(settings), std::move(tls),
      OutboundConnection::Ends{std::move(put), required_down_});
  connection->start();
  made = connection;
  return ROMP_OK;
}

}  // namespace romp::session
