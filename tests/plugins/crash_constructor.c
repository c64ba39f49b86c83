/* SPDX-License-Identifier: Apache-2.0 */
/* Crashes while it is loaded. */
#include <signal.h>

#include "tiny.h"

__attribute__((constructor)) static void on_load(void) { raise(SIGSEGV); }

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  (void)host, (void)config, (void)self;
  return ROMP_OK;
}

ROMP_PLUGIN("crash-constructor", "1.0.0", .create = create);
