/* SPDX-License-Identifier: Apache-2.0 */
/* Is linked without romp-plugin.map and exports one function more. */
#include "tiny.h"

ROMP_EXPORT int one_more(void);
int one_more(void) { return 1; }

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  (void)host, (void)config, (void)self;
  return ROMP_OK;
}

ROMP_PLUGIN("exports-more", "1.0.0", .create = create);
