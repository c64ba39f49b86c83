/* SPDX-License-Identifier: Apache-2.0 */
/* A filter with 8 bytes more than the host knows, which are not zero. */
#include "tiny.h"

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  struct {
    romp_filter known;
    uint64_t tail;
  } f = {tiny(host, "/t/tail", tiny_continue), 1};
  (void)config, (void)self;
  f.known.size = sizeof f;
  return host->add_filter(host, &f.known);
}

ROMP_PLUGIN("filter-tail", "1.0.0", .capabilities = ROMP_CAP_FRAMES, .create = create);
