/* SPDX-License-Identifier: Apache-2.0 */
/* Does not return from create. */
#include <unistd.h>

#include "tiny.h"

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  (void)host, (void)config, (void)self;
  while (pause() != 0) {
  }
  return ROMP_OK;
}

ROMP_PLUGIN("hang-create", "1.0.0", .create = create);
