/* SPDX-License-Identifier: Apache-2.0 */
/* Carries the note, exports nothing. */
#include "tiny.h"

ROMP_NOTE_("no-entry", "1.0.0");
