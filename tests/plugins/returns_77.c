/* SPDX-License-Identifier: Apache-2.0 */
/* A filter on /t/77 that returns no verdict there is. */
#include "tiny.h"

static romp_verdict on_send(void* user, const romp_ctx* ctx, romp_frame* frame) {
  (void)user, (void)ctx, (void)frame;
  return 77;
}

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  romp_filter f = tiny(host, "/t/77", on_send);
  (void)config, (void)self;
  return host->add_filter(host, &f);
}

ROMP_PLUGIN("returns-77", "1.0.0", .capabilities = ROMP_CAP_FRAMES, .create = create);
