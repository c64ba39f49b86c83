/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps the session that sent to /t/keep and sends to it for ever, long after it has gone. */
#include "tiny.h"

static const romp_host* host_;
static romp_session_id kept;
static romp_status last = ROMP_OK;

static void on_tick(void* arg, romp_status status) {
  const romp_message m = {.size = sizeof m, .body = ROMP_STR("tick")};
  (void)arg;
  if (status != ROMP_OK || kept == 0) return;
  status = host_->session_send(host_, kept, &m);
  if (status != last) tiny_log(host_, "session_send", status);
  last = status;
}

static romp_verdict on_send(void* user, const romp_ctx* ctx, romp_frame* frame) {
  (void)user, (void)frame;
  kept = ctx->session;
  return ROMP_HANDLED;
}

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  romp_filter f = tiny(host, "/t/keep", on_send);
  (void)config, (void)self;
  host_ = host;
  return host->add_filter(host, &f);
}

static romp_status start(void* self) {
  romp_timer_id timer;
  (void)self;
  return host_->timer_start(host_, 0, 1000000, on_tick, NULL, &timer);
}

ROMP_PLUGIN("keep-session", "1.0.0", .capabilities = ROMP_CAP_FRAMES | ROMP_CAP_SESSIONS,
            .create = create, .start = start);
