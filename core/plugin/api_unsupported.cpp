// SPDX-License-Identifier: Apache-2.0
#include "plugin/host_api.hpp"

// What the ABI has and this host does not offer yet. An instance that has gone still hears that.
namespace romp::plugin {
namespace {

constexpr Rule anywhere{always};

romp_status unsupported(const romp_host* host) {
  return entered(host, anywhere, [](Instance&) { return ROMP_E_UNSUPPORTED; });
}

romp_status add_http(const romp_host* host, const romp_http_filter*) { return unsupported(host); }

romp_verdict http_reply(const romp_host* host, const romp_http*, std::uint32_t,
                        const romp_message*) {
  return unsupported(host);
}

}  // namespace

void set_unsupported_functions(romp_host& table) noexcept {
  table.add_http = add_http;
  table.http_reply = http_reply;
}

}  // namespace romp::plugin
