/* SPDX-License-Identifier: Apache-2.0 */
/* Note and descriptor disagree on the id. */
#include "tiny.h"

ROMP_NOTE_("id-in-note", "1.0.0");

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  (void)host, (void)config, (void)self;
  return ROMP_OK;
}

static const romp_plugin descriptor = {.size = sizeof descriptor,
                                       .abi = ROMP_ABI(1u, 0u),
                                       .id = "id-in-descriptor",
                                       .version = "1.0.0",
                                       .create = create};

const romp_plugin* romp_plugin_entry(uint32_t host_major) {
  (void)host_major;
  return &descriptor;
}
