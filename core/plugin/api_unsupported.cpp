// SPDX-License-Identifier: Apache-2.0
#include "plugin/host_api.hpp"

// What the ABI has and this host does not offer yet. An instance that has gone still hears that.
namespace romp::plugin {
namespace {

constexpr Rule anywhere{always};

romp_status unsupported(const romp_host* host) {
  return entered(host, anywhere, [](Instance&) { return ROMP_E_UNSUPPORTED; });
}

const void* get_interface(const romp_host*, const char*) { return nullptr; }

romp_status add_http(const romp_host* host, const romp_http_filter*) { return unsupported(host); }

romp_status add_events(const romp_host* host, std::uint64_t, void (*)(void*, const romp_event*),
                       void*) {
  return unsupported(host);
}

romp_verdict http_reply(const romp_host* host, const romp_http*, std::uint32_t,
                        const romp_message*) {
  return unsupported(host);
}

romp_status subscribe(const romp_host* host, const romp_subscription*, romp_sub_id*) {
  return unsupported(host);
}

romp_status unsubscribe(const romp_host* host, romp_sub_id) { return unsupported(host); }

romp_status ack(const romp_host* host, romp_sub_id, std::uint64_t, std::int32_t) {
  return unsupported(host);
}

}  // namespace

void set_unsupported_functions(romp_host& table) noexcept {
  table.get_interface = get_interface;
  table.add_http = add_http;
  table.add_events = add_events;
  table.http_reply = http_reply;
  table.subscribe = subscribe;
  table.unsubscribe = unsubscribe;
  table.ack = ack;
}

}  // namespace romp::plugin
