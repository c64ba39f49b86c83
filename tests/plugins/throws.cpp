// SPDX-License-Identifier: Apache-2.0
// Lets a C++ exception out of its callback, which the contract forbids, on a frame to /t/throw.
#include <romp/plugin.h>

#include <stdexcept>

namespace {

romp_verdict on_send(void*, const romp_ctx*, romp_frame*) {
  throw std::runtime_error("thrown raw");
}

romp_status create(const romp_host* host, const romp_config*, void**) {
  romp_filter f{};
  f.size = sizeof f;
  f.stage = ROMP_STAGE_FRAME;
  f.commands = ROMP_MASK(ROMP_CMD_SEND);
  f.name = "throws";
  f.destination = "/t/throw";
  f.on_frame = &on_send;
  return host->add_filter(host, &f);
}

}  // namespace

ROMP_NOTE_("throws", "1.0.0");

const romp_plugin* romp_plugin_entry(uint32_t host_major) {
  static const romp_plugin descriptor = [] {
    romp_plugin d{};
    d.size = sizeof d;
    d.abi = ROMP_ABI(1u, 0u);
    d.id = "throws";
    d.version = "1.0.0";
    d.capabilities = ROMP_CAP_FRAMES;
    d.create = &create;
    return d;
  }();
  return host_major == 1 ? &descriptor : nullptr;
}
