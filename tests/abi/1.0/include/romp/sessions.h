/* SPDX-License-Identifier: Apache-2.0 */
/**
 * romp/sessions.h - the interface "romp.sessions/1": who is connected.
 *
 * Everything here wants ROMP_CAP_SESSIONS. Lists are as in romp/destinations.h.
 */
#ifndef ROMP_SESSIONS_H
#define ROMP_SESSIONS_H

#include <romp/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ROMP_SESSIONS_ID "romp.sessions/1"

/** One session, from CONNECTED on. */
typedef struct romp_session {
  uint32_t size;      /**< set by the caller */
  uint32_t transport; /**< ROMP_TRANSPORT_ */
  romp_session_id id;
  uint32_t flags; /**< ROMP_SESSION_ */
  uint32_t reserved;
  romp_str user;    /**< login; empty: nobody in particular */
  romp_str remote;  /**< "address:port" */
  int64_t since_ns; /**< when it was connected; steady clock */
} romp_session;

/** The functions. */
typedef struct romp_sessions {
  uint32_t size;
  uint32_t reserved;
  /** [any] Lists the sessions of `user` (absent: of all), by id. ROMP_E_AGAIN: too many lists. */
  romp_status (*list)(const romp_host* host, romp_str user, romp_list_id* out, uint64_t* count);
  /** [any] ROMP_E_NOTFOUND: no more. ROMP_E_GONE: no such list. */
  romp_status (*at)(const romp_host* host, romp_list_id list, uint64_t index, romp_session* out);
  /** [any] */
  romp_status (*release)(const romp_host* host, romp_list_id list);
  /** [any] Ends all sessions of a user, as session_close does one; `count` says how many were told
   * to end. */
  romp_status (*close_user)(const romp_host* host, romp_str user, uint32_t how, romp_str reason,
                            uint64_t* count);
} romp_sessions;

#ifdef __cplusplus
}
#endif
#endif
