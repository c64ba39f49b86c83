/* SPDX-License-Identifier: Apache-2.0 */
/* create says why it does not want to. */
#include "tiny.h"

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  (void)config, (void)self;
  return host->fail(host, ROMP_E_INVAL, ROMP_STR("key 'pattern': unbalanced '('"));
}

ROMP_PLUGIN("create-fails", "1.0.0", .create = create);
