/* SPDX-License-Identifier: Apache-2.0 */
/* Defers frames to /t/later; a thread of its own changes and resumes them after `after`. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "tiny.h"

static int64_t after_ns;
static int64_t verdict;

struct answer {
  const romp_host* host;
  romp_defer_id id;
  romp_frame* frame;
};

static void* resume(void* arg) {
  struct answer* a = arg;
  const struct timespec pause = {after_ns / 1000000000, after_ns % 1000000000};
  const romp_error error = {
      .size = sizeof error, .reply = ROMP_STR("late no"), .log = ROMP_STR("said later")};
  nanosleep(&pause, NULL);
  a->host->frame_set_header(a->host, a->frame, ROMP_STR("later"), ROMP_STR("yes"));
  tiny_log(a->host, "resume", a->host->resume(a->host, a->id, (romp_verdict)verdict, &error));
  free(a);
  return NULL;
}

static romp_verdict on_send(void* user, const romp_ctx* ctx, romp_frame* frame) {
  struct answer* a = malloc(sizeof *a);
  pthread_t thread;
  if (!a) return ROMP_E_NOMEM;
  a->host = user;
  a->frame = frame;
  if (a->host->defer(a->host, ctx, &a->id) < 0 || pthread_create(&thread, NULL, resume, a) != 0) {
    free(a);
    return ROMP_E_FAULT;
  }
  pthread_detach(thread);
  return ROMP_DEFER;
}

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  romp_filter f = tiny(host, "/t/later", on_send);
  (void)self;
  f.flags = ROMP_FILTER_MAY_DEFER | ROMP_FILTER_MUTATES;
  host->config_int(host, config, "after", &after_ns);
  host->config_int(host, config, "verdict", &verdict);
  return host->add_filter(host, &f);
}

static const romp_config_key keys[] = {{"after", "duration", "20ms", "when to resume"},
                                       {"verdict", "int", "0", "0 continue, 1 handled, 2 reject"}};

ROMP_PLUGIN("resume-later", "1.0.0", .capabilities = ROMP_CAP_FRAMES | ROMP_CAP_MUTATE,
            .flags = ROMP_PLUGIN_CONCURRENT, .config_keys = keys, .config_key_count = 2,
            .create = create);
