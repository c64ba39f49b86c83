/* SPDX-License-Identifier: Apache-2.0 */
/* A descriptor of 24 bytes. */
#include "tiny.h"

ROMP_NOTE_("short-descriptor", "1.0.0");

static const struct {
  uint32_t size, abi;
  const char *id, *version;
} descriptor = {24, ROMP_ABI(1u, 0u), "short-descriptor", "1.0.0"};

const romp_plugin* romp_plugin_entry(uint32_t host_major) {
  (void)host_major;
  return (const romp_plugin*)(const void*)&descriptor;
}
