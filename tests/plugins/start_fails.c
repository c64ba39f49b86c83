/* SPDX-License-Identifier: Apache-2.0 */
/* start fails; then destroy is called, and stop is not. */
#include "tiny.h"

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  (void)config;
  *self = (void*)host;
  return ROMP_OK;
}

static romp_status start(void* self) {
  const romp_host* host = self;
  return host->fail(host, ROMP_E_FAULT, ROMP_STR("port 7 is taken"));
}

static void stop(void* self) {
  const romp_host* host = self;
  host->log(host, ROMP_LOG_ERROR, ROMP_STR("stop was called"));
}

static void destroy(void* self) {
  const romp_host* host = self;
  host->log(host, ROMP_LOG_INFO, ROMP_STR("destroy was called"));
}

ROMP_PLUGIN("start-fails", "1.0.0", .create = create, .start = start, .stop = stop,
            .destroy = destroy);
