/* SPDX-License-Identifier: Apache-2.0 */
/* Crashes in create. */
#include <stdlib.h>

#include "tiny.h"

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  (void)host, (void)config, (void)self;
  abort();
}

ROMP_PLUGIN("crash-create", "1.0.0", .create = create);
