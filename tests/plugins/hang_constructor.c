/* SPDX-License-Identifier: Apache-2.0 */
/* Does not return from a constructor. */
#include <unistd.h>

#include "tiny.h"

__attribute__((constructor)) static void on_load(void) {
  while (pause() != 0) {
  }
}

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  (void)host, (void)config, (void)self;
  return ROMP_OK;
}

ROMP_PLUGIN("hang-constructor", "1.0.0", .create = create);
