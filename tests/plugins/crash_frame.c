/* SPDX-License-Identifier: Apache-2.0 */
/* Crashes on a frame to /t/crash. */
#include "tiny.h"

static romp_verdict on_send(void* user, const romp_ctx* ctx, romp_frame* frame) {
  (void)user, (void)ctx, (void)frame;
  __builtin_trap();
}

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  romp_filter f = tiny(host, "/t/crash", on_send);
  (void)config, (void)self;
  return host->add_filter(host, &f);
}

ROMP_PLUGIN("crash-frame", "1.0.0", .capabilities = ROMP_CAP_FRAMES, .create = create);
