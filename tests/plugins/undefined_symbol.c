/* SPDX-License-Identifier: Apache-2.0 */
/* Calls a function that nobody has. */
#include "tiny.h"

romp_status no_such_function(const romp_host* host);

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  (void)config, (void)self;
  return no_such_function(host);
}

ROMP_PLUGIN("undefined-symbol", "1.0.0", .create = create);
