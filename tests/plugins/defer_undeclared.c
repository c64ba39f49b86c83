/* SPDX-License-Identifier: Apache-2.0 */
/* Defers frames to /t/defer without ROMP_FILTER_MAY_DEFER. */
#include "tiny.h"

static romp_verdict on_send(void* user, const romp_ctx* ctx, romp_frame* frame) {
  const romp_host* host = user;
  romp_defer_id id = 0;
  (void)frame;
  tiny_log(host, "defer", host->defer(host, ctx, &id));
  return ROMP_DEFER;
}

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  romp_filter f = tiny(host, "/t/defer", on_send);
  (void)config, (void)self;
  return host->add_filter(host, &f);
}

ROMP_PLUGIN("defer-undeclared", "1.0.0", .capabilities = ROMP_CAP_FRAMES, .create = create);
