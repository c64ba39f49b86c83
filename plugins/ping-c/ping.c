/* SPDX-License-Identifier: Apache-2.0 */
#include <romp/plugin.h>

static romp_verdict on_ping(void* user, const romp_ctx* ctx, romp_frame* frame) {
  const romp_host* host = user;
  romp_message pong = {.size = sizeof pong, .body = ROMP_STR("pong")};
  pong.destination = frame->destination;
  /* Whether the client is still there is not ours to mind. */
  host->session_send(host, ctx->session, &pong);
  return ROMP_HANDLED;
}

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  romp_filter ping = {.size = sizeof ping,
                      .stage = ROMP_STAGE_FRAME,
                      .commands = ROMP_MASK(ROMP_CMD_SEND),
                      .name = "ping",
                      .destination = "/virt/ping-c",
                      .on_frame = on_ping,
                      .user = (void*)host};
  (void)config;
  (void)self;
  return host->add_filter(host, &ping);
}

ROMP_PLUGIN("ping-c", "1.0.0", .title = "Answers /virt/ping-c, in C",
            .capabilities = ROMP_CAP_FRAMES, .create = create);
