/* SPDX-License-Identifier: Apache-2.0 */
/* Ends the process while it is loaded. */
#include <stdlib.h>

#include "tiny.h"

__attribute__((constructor)) static void on_load(void) {
  fputs("ERROR: flag 'x' was defined more than once\n", stderr);
  exit(1);
}

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  (void)host, (void)config, (void)self;
  return ROMP_OK;
}

ROMP_PLUGIN("exit-constructor", "1.0.0", .create = create);
