/* SPDX-License-Identifier: Apache-2.0 */
#include <romp/plugin.h>

/* A SEND to /virt/@name@ is answered with "pong". */
static romp_verdict on_send(void* user, const romp_ctx* ctx, romp_frame* frame) {
  const romp_host* host = user;
  romp_message answer = {.size = sizeof answer, .destination = frame->destination};
  answer.body = ROMP_STR("pong");
  return host->session_send(host, ctx->session, &answer) == ROMP_OK ? ROMP_HANDLED : ROMP_CONTINUE;
}

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  romp_filter filter = {.size = sizeof filter,
                        .stage = ROMP_STAGE_FRAME,
                        .commands = ROMP_MASK(ROMP_CMD_SEND),
                        .name = "answer",
                        .destination = "/virt/@name@",
                        .on_frame = on_send,
                        .user = (void*)host};
  (void)config, (void)self;
  return host->add_filter(host, &filter);
}

ROMP_PLUGIN("@name@", "1.0.0", .title = "@name@", .capabilities = ROMP_CAP_FRAMES,
            .create = create);
