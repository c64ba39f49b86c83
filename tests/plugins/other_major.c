/* SPDX-License-Identifier: Apache-2.0 */
/* Built for ABI 2. */
#include "tiny.h"

/* Seen before any code of the file runs; so the abort below never happens. */
__attribute__((used, section(ROMP_NOTE_SECTION), aligned(4))) static const romp_note note = {
    5, 104, ROMP_NOTE_TYPE, "romp", ROMP_ABI(2u, 0u), ROMP_ABI(2u, 0u), "other-major", "1.0.0"};

__attribute__((constructor)) static void on_load(void) { __builtin_trap(); }

const romp_plugin* romp_plugin_entry(uint32_t host_major) {
  (void)host_major;
  return NULL;
}
