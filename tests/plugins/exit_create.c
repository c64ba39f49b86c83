/* SPDX-License-Identifier: Apache-2.0 */
/* Ends the process in create. */
#include <stdlib.h>

#include "tiny.h"

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  (void)host, (void)config, (void)self;
  fputs("giving up\n", stderr);
  exit(3);
}

ROMP_PLUGIN("exit-create", "1.0.0", .create = create);
