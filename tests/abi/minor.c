/* SPDX-License-Identifier: Apache-2.0 */
/* For the matrix of targets and hosts: says in create what it sees of a function of ABI 1.1. */
#include <romp/plugin.h>

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  (void)config, (void)self;
#if ROMP_TARGET_MINOR >= 1 || defined(ROMP_TEST_USES_NEWER)
  if (!ROMP_HAS(host, frame_rename)) {
    return host->fail(host, ROMP_E_UNSUPPORTED, ROMP_STR("frame_rename is missing"));
  }
  return host->fail(host, ROMP_E_UNSUPPORTED, ROMP_STR("frame_rename is there"));
#else
  (void)host;
  return ROMP_OK;
#endif
}

ROMP_PLUGIN("minor", "1.0.0", .create = create);
