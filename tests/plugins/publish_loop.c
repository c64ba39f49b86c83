/* SPDX-License-Identifier: Apache-2.0 */
/* Publishes to /t/loop whenever a frame comes to /t/loop: must not go round. */
#include "tiny.h"

static romp_verdict on_send(void* user, const romp_ctx* ctx, romp_frame* frame) {
  const romp_host* host = user;
  romp_message m = {.size = sizeof m};
  (void)ctx;
  m.destination = frame->destination;
  m.body = ROMP_STR("from the plugin");
  tiny_log(host, "publish", host->publish(host, &m));
  return ROMP_HANDLED;
}

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  romp_filter f = tiny(host, "/t/loop", on_send);
  (void)config, (void)self;
  return host->add_filter(host, &f);
}

ROMP_PLUGIN("publish-loop", "1.0.0", .capabilities = ROMP_CAP_FRAMES | ROMP_CAP_PUBLISH,
            .create = create);
