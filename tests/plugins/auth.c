/* SPDX-License-Identifier: Apache-2.0 */
/* Decides CONNECT by passcode; with `defer` in a worker task. The user becomes "checked-LOGIN". */
#include <stdlib.h>

#include "tiny.h"

static int64_t defers;
static char secret[64];

struct question {
  const romp_host* host;
  romp_session_id session;
  romp_defer_id id;
  int good;
  char user[80];
};

static const romp_error refusal = {
    .size = sizeof refusal, .flags = ROMP_ERR_FATAL, .reply = {"no entry", 8}};

static void decide(void* arg, romp_status status) {
  struct question* q = arg;
  if (status == ROMP_OK && q->good) {
    q->host->authenticate(q->host, q->session, romp_str_z(q->user));
    tiny_log(q->host, "resume", q->host->resume(q->host, q->id, ROMP_HANDLED, NULL));
  } else {
    q->host->resume(q->host, q->id, ROMP_REJECT, &refusal);
  }
  free(q);
}

static romp_verdict on_connect(void* user, const romp_ctx* ctx, romp_frame* frame) {
  const romp_host* host = user;
  const romp_str login = romp_frame_header(frame, ROMP_STR("login"));
  const romp_str passcode = romp_frame_header(frame, ROMP_STR("passcode"));
  struct question q = {host, ctx->session, 0, romp_str_eq(passcode, romp_str_z(secret)), ""};
  struct question* kept;
  snprintf(q.user, sizeof q.user, "checked-%.*s", (int)(login.len > 60 ? 60 : login.len),
           login.data ? login.data : "");
  if (!defers) {
    if (!q.good) return host->reject(host, ctx, &refusal);
    return host->authenticate(host, ctx->session, romp_str_z(q.user)) == ROMP_OK ? ROMP_HANDLED
                                                                                 : ROMP_E_FAULT;
  }
  kept = malloc(sizeof *kept);
  if (!kept || host->defer(host, ctx, &q.id) != ROMP_OK) return free(kept), ROMP_E_FAULT;
  *kept = q;
  if (host->post_worker(host, decide, kept) == ROMP_OK) return ROMP_DEFER;
  free(kept);
  host->resume(host, q.id, ROMP_REJECT, &refusal);
  return ROMP_DEFER;
}

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  romp_filter f = tiny(host, NULL, on_connect);
  romp_str text;
  (void)self;
  host->config_int(host, config, "defer", &defers);
  host->config_get(host, config, "secret", &text);
  if (text.len < sizeof secret) memcpy(secret, text.data, text.len);
  f.stage = ROMP_STAGE_AUTH;
  f.commands = ROMP_MASK(ROMP_CMD_CONNECT) | ROMP_MASK(ROMP_CMD_STOMP);
  f.flags = defers ? ROMP_FILTER_MAY_DEFER : 0;
  return host->add_filter(host, &f);
}

static const romp_config_key keys[] = {{"secret", "secret", "open", "the passcode of everybody"},
                                       {"defer", "bool", "no", "decide in a worker task"}};

ROMP_PLUGIN("auth", "1.0.0", .capabilities = ROMP_CAP_FRAMES | ROMP_CAP_AUTH | ROMP_CAP_CREDENTIALS,
            .flags = ROMP_PLUGIN_CONCURRENT, .config_keys = keys, .config_key_count = 2,
            .create = create);
