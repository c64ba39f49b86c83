/* SPDX-License-Identifier: Apache-2.0 */
/* Adds a filter without having declared a capability. */
#include "tiny.h"

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  romp_filter f = tiny(host, "/t/denied", tiny_continue);
  (void)config, (void)self;
  return host->add_filter(host, &f);
}

ROMP_PLUGIN("denied", "1.0.0", .create = create);
