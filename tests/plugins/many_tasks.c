/* SPDX-License-Identifier: Apache-2.0 */
/* Posts `count` tasks on a frame to /t/many; at the end says how many ran, and how. */
#include "tiny.h"

static const romp_host* host_;
static int64_t count;
static long posted, refused, ran, cancelled;

static void task(void* arg, romp_status status) {
  (void)arg;
  if (status == ROMP_OK) {
    ran++;
  } else {
    cancelled++;
  }
}

static romp_verdict on_send(void* user, const romp_ctx* ctx, romp_frame* frame) {
  int64_t i;
  (void)user, (void)ctx, (void)frame;
  for (i = 0; i < count; i++) {
    if (host_->post(host_, task, NULL) == ROMP_OK) {
      posted++;
    } else {
      refused++;
    }
  }
  return ROMP_HANDLED;
}

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  romp_filter f = tiny(host, "/t/many", on_send);
  (void)self;
  host_ = host;
  host->config_int(host, config, "count", &count);
  return host->add_filter(host, &f);
}

static void destroy(void* self) {
  char line[200];
  const int length = snprintf(line, sizeof line, "posted %ld refused %ld ran %ld cancelled %ld",
                              posted, refused, ran, cancelled);
  (void)self;
  host_->log(host_, ROMP_LOG_INFO, romp_str_n(line, (size_t)length));
}

static const romp_config_key keys[] = {{"count", "int", "1000000", "tasks to post"}};

ROMP_PLUGIN("many-tasks", "1.0.0", .capabilities = ROMP_CAP_FRAMES, .config_keys = keys,
            .config_key_count = 1, .create = create, .destroy = destroy);
