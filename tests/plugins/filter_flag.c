/* SPDX-License-Identifier: Apache-2.0 */
/* A filter with a flag that does not exist. */
#include "tiny.h"

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  romp_filter f = tiny(host, "/t/flag", tiny_continue);
  (void)config, (void)self;
  f.flags = 0x80000000u;
  return host->add_filter(host, &f);
}

ROMP_PLUGIN("filter-flag", "1.0.0", .capabilities = ROMP_CAP_FRAMES, .create = create);
