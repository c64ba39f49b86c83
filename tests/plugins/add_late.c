/* SPDX-License-Identifier: Apache-2.0 */
/* Adds a filter while it is running, on a frame to /t/add; logs what that gives. */
#include "tiny.h"

static romp_verdict on_send(void* user, const romp_ctx* ctx, romp_frame* frame) {
  const romp_host* host = user;
  romp_filter f = tiny(host, "/t/added", tiny_continue);
  (void)ctx, (void)frame;
  f.name = "late";
  tiny_log(host, "add_filter", host->add_filter(host, &f));
  return ROMP_HANDLED;
}

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  romp_filter f = tiny(host, "/t/add", on_send);
  (void)config, (void)self;
  return host->add_filter(host, &f);
}

ROMP_PLUGIN("add-late", "1.0.0", .capabilities = ROMP_CAP_FRAMES, .create = create);
