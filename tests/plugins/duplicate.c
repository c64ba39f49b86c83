/* SPDX-License-Identifier: Apache-2.0 */
/* Has the id of another test plugin, probe. */
#include "tiny.h"

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  (void)host, (void)config, (void)self;
  return ROMP_OK;
}

ROMP_PLUGIN("probe", "1.0.0", .create = create);
