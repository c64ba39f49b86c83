/* SPDX-License-Identifier: Apache-2.0 */
/* Returns ROMP_DEFER for /t/silent without having called defer. */
#include "tiny.h"

static romp_verdict on_send(void* user, const romp_ctx* ctx, romp_frame* frame) {
  (void)user, (void)ctx, (void)frame;
  return ROMP_DEFER;
}

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  romp_filter f = tiny(host, "/t/silent", on_send);
  (void)config, (void)self;
  f.flags = ROMP_FILTER_MAY_DEFER;
  return host->add_filter(host, &f);
}

ROMP_PLUGIN("defer-silent", "1.0.0", .capabilities = ROMP_CAP_FRAMES, .create = create);
