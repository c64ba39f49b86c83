/* SPDX-License-Identifier: Apache-2.0 */
/* A descriptor without create. */
#include "tiny.h"

ROMP_PLUGIN("no-create", "1.0.0", .capabilities = ROMP_CAP_FRAMES);
