/* SPDX-License-Identifier: Apache-2.0 */
/**
 * romp/http.h - the interface "romp.http/1": HTTP requests that are answered later.
 *
 * Wants ROMP_CAP_HTTP. Filters, and answers at once, are in romp/plugin.h: add_http, http_reply.
 */
#ifndef ROMP_HTTP_H
#define ROMP_HTTP_H

#include <romp/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ROMP_HTTP_ID "romp.http/1"

/** In romp_ctx.session_flags: a WebSocket, or a session that came in through a web listener. */
#define ROMP_SESSION_WEB 0x8u

/** The functions. */
typedef struct romp_http_later {
  uint32_t size;
  uint32_t reserved;
  /** [session] Announces ROMP_DEFER, which the filter must return then. The request stays yours to
   * read until resume(): answer it by http_reply, from any thread, and resume with HANDLED; with
   * CONTINUE the next filter is asked, with REJECT the client gets 500. The connection is not read
   * meanwhile. After the host's defer_timeout the client gets 504, and http_reply ROMP_E_GONE.
   * ROMP_E_EXISTS: answered or deferred already. ROMP_E_AGAIN: too many are deferred. */
  romp_status (*defer)(const romp_host* host, const romp_http* request, romp_defer_id* out);
} romp_http_later;

#ifdef __cplusplus
}
#endif
#endif
