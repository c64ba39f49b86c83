/* SPDX-License-Identifier: Apache-2.0 */
/* Leaves a thread behind that goes on calling the host after destroy; logs the change. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <time.h>

#include "tiny.h"

static void* call(void* arg) {
  const romp_host* host = arg;
  const struct timespec pause = {0, 1000000};
  const romp_message m = {
      .size = sizeof m, .destination = ROMP_STR("/topic/left-behind"), .body = ROMP_STR("boo")};
  for (;;) {
    nanosleep(&pause, NULL);
    if (host->publish(host, &m) == ROMP_E_GONE) host->log(host, ROMP_LOG_INFO, ROMP_STR("gone"));
  }
  return NULL;
}

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  (void)config;
  *self = (void*)host;
  return ROMP_OK;
}

static romp_status start(void* self) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, call, self) != 0) return ROMP_E_NOMEM;
  pthread_detach(thread);
  return ROMP_OK;
}

ROMP_PLUGIN("after-destroy", "1.0.0", .capabilities = ROMP_CAP_PUBLISH, .create = create,
            .start = start);
