/* SPDX-License-Identifier: Apache-2.0 */
/* Calls [main] and [session] functions from a thread of its own; logs what that gives. */
#include <pthread.h>

#include "tiny.h"

static const romp_config* config_;
static pthread_t thread;

static void* call(void* arg) {
  const romp_host* host = arg;
  romp_filter f = tiny(host, "/t/thread", tiny_continue);
  romp_metric_id metric;
  romp_str out;
  tiny_log(host, "add_filter", host->add_filter(host, &f));
  tiny_log(host, "config_get", host->config_get(host, config_, "key", &out));
  tiny_log(host, "metric_define",
           host->metric_define(host, ROMP_METRIC_COUNTER, "late", "late", &metric));
  return NULL;
}

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  *self = (void*)host;
  config_ = config;
  return ROMP_OK;
}

static romp_status start(void* self) {
  return pthread_create(&thread, NULL, call, self) == 0 ? ROMP_OK : ROMP_E_NOMEM;
}

static void stop(void* self) {
  (void)self;
  pthread_join(thread, NULL);
}

ROMP_PLUGIN("wrong-thread", "1.0.0", .capabilities = ROMP_CAP_FRAMES, .create = create,
            .start = start, .stop = stop);
