/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks on frames to /t/slow, for the time in `for`. */
#define _POSIX_C_SOURCE 200809L
#include <time.h>

#include "tiny.h"

static int64_t for_ns;

static romp_verdict on_send(void* user, const romp_ctx* ctx, romp_frame* frame) {
  const struct timespec pause = {for_ns / 1000000000, for_ns % 1000000000};
  (void)user, (void)ctx, (void)frame;
  nanosleep(&pause, NULL);
  return ROMP_HANDLED;
}

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  romp_filter f = tiny(host, "/t/slow", on_send);
  (void)self;
  host->config_int(host, config, "for", &for_ns);
  return host->add_filter(host, &f);
}

static const romp_config_key keys[] = {{"for", "duration", "100ms", "how long to block"}};

ROMP_PLUGIN("slow", "1.0.0", .capabilities = ROMP_CAP_FRAMES, .config_keys = keys,
            .config_key_count = 1, .create = create);
