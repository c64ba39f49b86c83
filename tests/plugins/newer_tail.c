/* SPDX-License-Identifier: Apache-2.0 */
/* A descriptor of a later minor: 8 more bytes, which are zero. It must load. */
#include "tiny.h"

ROMP_NOTE_("newer-tail", "1.0.0");

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  (void)host, (void)config, (void)self;
  return ROMP_OK;
}

static const struct {
  romp_plugin known;
  uint64_t tail;
} descriptor = {{.size = sizeof(romp_plugin) + 8,
                 .abi = ROMP_ABI(1u, 0u),
                 .id = "newer-tail",
                 .version = "1.0.0",
                 .create = create},
                0};

const romp_plugin* romp_plugin_entry(uint32_t host_major) {
  (void)host_major;
  return &descriptor.known;
}
