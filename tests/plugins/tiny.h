/* SPDX-License-Identifier: Apache-2.0 */
/* What the test plugins share: one filter on SEND, and a line for the log. */
#ifndef ROMP_TESTS_TINY_H
#define ROMP_TESTS_TINY_H

#include <romp/plugin.h>
#include <stdio.h>

typedef romp_verdict (*tiny_filter)(void*, const romp_ctx*, romp_frame*);

/* A filter on SEND to a destination, called "tiny", with the host as its user. */
static inline romp_filter tiny(const romp_host* host, const char* destination, tiny_filter call) {
  romp_filter f = {.size = sizeof f,
                   .stage = ROMP_STAGE_FRAME,
                   .commands = ROMP_MASK(ROMP_CMD_SEND),
                   .name = "tiny",
                   .destination = destination,
                   .on_frame = call,
                   .user = (void*)host};
  return f;
}

/* Logs "what: number". */
static inline void tiny_log(const romp_host* host, const char* what, long number) {
  char line[200];
  const int length = snprintf(line, sizeof line, "%s: %ld", what, number);
  host->log(host, ROMP_LOG_INFO, romp_str_n(line, (size_t)length));
}

static inline romp_verdict tiny_continue(void* user, const romp_ctx* ctx, romp_frame* frame) {
  (void)user, (void)ctx, (void)frame;
  return ROMP_CONTINUE;
}

#endif
