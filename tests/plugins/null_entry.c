/* SPDX-License-Identifier: Apache-2.0 */
/* The entry says that it serves no ABI. */
#include "tiny.h"

ROMP_NOTE_("null-entry", "1.0.0");

const romp_plugin* romp_plugin_entry(uint32_t host_major) {
  (void)host_major;
  return NULL;
}
