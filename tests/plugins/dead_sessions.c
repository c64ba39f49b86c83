/* SPDX-License-Identifier: Apache-2.0 */
/* On a frame to /t/dead it sends to `count` sessions that there never were, some at a time, and
 * says how many are gone. */
#include "tiny.h"

static const romp_host* host_;
static int64_t count;
static int64_t tried;
static long gone;

static void send_some(void* arg, romp_status status) {
  const romp_message m = {.size = sizeof m, .body = ROMP_STR("anybody?")};
  const int64_t end = tried + 10000 < count ? tried + 10000 : count;
  if (status != ROMP_OK) return;
  for (; tried < end; tried++) {
    const romp_session_id nobody = 0x7000000000000000 + (romp_session_id)tried;
    if (host_->session_send(host_, nobody, &m) == ROMP_E_GONE) gone++;
  }
  if (tried < count && host_->post(host_, send_some, arg) == ROMP_OK) return;
  tiny_log(host_, "gone", gone);
}

static romp_verdict on_send(void* user, const romp_ctx* ctx, romp_frame* frame) {
  (void)user, (void)ctx, (void)frame;
  return host_->post(host_, send_some, NULL) == ROMP_OK ? ROMP_HANDLED : ROMP_REJECT;
}

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  romp_filter f = tiny(host, "/t/dead", on_send);
  (void)self;
  host_ = host;
  host->config_int(host, config, "count", &count);
  return host->add_filter(host, &f);
}

static const romp_config_key keys[] = {{"count", "int", "10000000", "sessions to send to"}};

ROMP_PLUGIN("dead-sessions", "1.0.0", .capabilities = ROMP_CAP_FRAMES | ROMP_CAP_SESSIONS,
            .config_keys = keys, .config_key_count = 1, .create = create);
