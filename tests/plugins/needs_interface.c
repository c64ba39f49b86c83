/* SPDX-License-Identifier: Apache-2.0 */
/* Cannot do without an interface that does not exist. */
#include "tiny.h"

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  (void)host, (void)config, (void)self;
  return ROMP_OK;
}

static const char* const needs[] = {"romp.client/2", NULL};

ROMP_PLUGIN("needs-interface", "1.0.0", .create = create, .needs = needs);
