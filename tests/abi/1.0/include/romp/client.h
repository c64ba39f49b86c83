/* SPDX-License-Identifier: Apache-2.0 */
/**
 * romp/client.h - the interface "romp.client/1": connections to other STOMP servers.
 *
 *   const romp_client* c = host->get_interface(host, ROMP_CLIENT_ID);
 *
 * The host owns the socket, TLS, framing, heart-beats, and dials again whenever a connection is
 * lost; the plugin sends frames and is told what comes. Everything here wants ROMP_CAP_NETWORK. An
 * instance can hold 64 connections.
 *
 * What was sent and not yet written when a connection is lost is forgotten: who needs to know asks
 * for receipts. Frames can be sent from on_up on, and no more once on_down is due, so that an id of
 * one connection never reaches the next.
 */
#ifndef ROMP_CLIENT_H
#define ROMP_CLIENT_H

#include <romp/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ROMP_CLIENT_ID "romp.client/1"

#define ROMP_CLIENT_TLS 0x1u         /**< TLS 1.2 or later; the server's certificate is verified */
#define ROMP_CLIENT_AS_SESSION 0x2u  /**< submit() may be used; wants ROMP_CAP_PUBLISH */
#define ROMP_CLIENT_REQUIRED 0x4u    /**< while it is not up, the broker says it is not ready */
#define ROMP_CLIENT_TOKEN 0x8u       /**< the passcode is a secret: each CONNECT has a new token */
#define ROMP_CLIENT_TOKEN_SHA1 0x10u /**< the same in the old scheme of romp and xtomp */

/** What a connection is told. Start from all zero, then set `size`. */
typedef struct romp_client_options {
  uint32_t size;
  uint32_t flags;    /**< ROMP_CLIENT_ */
  romp_str address;  /**< "host:port", "[::1]:61613"; several, with commas, are tried in turn */
  romp_str login;    /**< absent: none */
  romp_str passcode; /**< absent: none */
  romp_str vhost;    /**< the header host; absent: that of the address; empty: none is sent */
  romp_str versions; /**< accept-version; absent: "1.2,1.1,1.0" */
  romp_str tls_ca;   /**< a file of certificates that vouch for the server; absent: the system's */
  romp_str tls_certificate;   /**< a file, to show to the server; absent: none */
  romp_str tls_key;           /**< a file: the key to it */
  const romp_header* headers; /**< more headers of CONNECT */
  uint32_t header_count;      /**< entries in `headers` */
  uint32_t heart_out_ms;      /**< as offered in CONNECT; 0: no beats */
  uint32_t heart_in_ms;       /**< as asked for in CONNECT; 0: no beats */
  uint32_t reserved;          /**< zero */
  int64_t connect_timeout_ns; /**< from dialling to CONNECTED; 0: 10 s */
  int64_t retry_min_ns;       /**< the first pause before dialling again; it doubles; 0: 1 s */
  int64_t retry_max_ns;       /**< the longest pause; 0: 30 s */
  int64_t max_age_ns;         /**< then a new connection replaces it; 0: never */
  /** [plugin] CONNECTED has come, and is `connected`. May be NULL, as each of these. */
  void (*on_up)(void* user, romp_conn_id conn, const romp_frame* connected);
  /** [plugin] A frame of the server: MESSAGE, RECEIPT, ERROR. While the plugin is slow, the server
   * is not read from. */
  void (*on_frame)(void* user, romp_conn_id conn, const romp_frame* frame);
  /** [plugin] A frame for a session that submit() has made: an answer, RECEIPT, ERROR. */
  void (*on_answer)(void* user, romp_conn_id conn, romp_str client, const romp_frame* frame);
  /** [plugin] It is down, or a try to dial has failed; the host goes on by itself. `why` is
   * ROMP_E_DENIED where the server refuses it by an ERROR, else ROMP_E_GONE. */
  void (*on_down)(void* user, romp_conn_id conn, romp_status why, romp_str text);
  /** [plugin] The end, exactly once, the last: after close(), or when the instance stops. */
  void (*on_closed)(void* user, romp_conn_id conn);
  void* user; /**< given back to all of them */
} romp_client_options;

/* States of a connection. */
enum {
  ROMP_CLIENT_WAITING = 0,    /**< until it is dialled again */
  ROMP_CLIENT_CONNECTING = 1, /**< CONNECTED has not come yet */
  ROMP_CLIENT_UP = 2
};

/** What is known of a connection. Counts are since open(). */
typedef struct romp_client_status {
  uint32_t size;  /**< set by the caller */
  uint32_t state; /**< ROMP_CLIENT_WAITING .. ROMP_CLIENT_UP */
  uint64_t times_up;
  uint64_t failures; /**< connections lost, and tries that failed */
  uint64_t frames_in;
  uint64_t frames_out;
  uint64_t unwritten; /**< bytes that wait to be written */
  uint64_t sessions;  /**< made by submit(), now */
} romp_client_status;

/** The functions. Each takes the host pointer that create() was given. */
typedef struct romp_client {
  uint32_t size;
  uint32_t reserved;
  /** [any] Opens a connection, from start() on. When it fails on_closed is not called.
   * ROMP_E_INVAL: the log says why. ROMP_E_AGAIN: too many. ROMP_E_CANCELLED: stopping. */
  romp_status (*open)(const romp_host* host, const romp_client_options* options, romp_conn_id* out);
  /** [any] Sends a frame: SEND unless `command` says SUBSCRIBE, UNSUBSCRIBE, ACK, NACK, BEGIN,
   * COMMIT or ABORT. Headers are escaped as the version asks for. ROMP_E_STATE: not up.
   * ROMP_E_AGAIN: too much waits to be written. ROMP_E_INVAL: the server's version cannot spell a
   * header. ROMP_E_GONE: closed. */
  romp_status (*send)(const romp_host* host, romp_conn_id conn, const romp_message* frame);
  /** [any] Puts a SEND on its way through all filters, and to its destination where none takes it,
   * as one of a session of its own: `client` names it. A session is made when it is first named,
   * and ends when it has not been for ten minutes, or a filter ends it. It has the flag
   * ROMP_SESSION_DOWNSTREAM, the transport ROMP_TRANSPORT_INTERNAL and the instance's name as user.
   * What is sent to it comes to on_answer. With a header `receipt` it is told when that has been
   * done. While much waits here, the server is not read from. ROMP_E_AGAIN: too much waits. */
  romp_status (*submit)(const romp_host* host, romp_conn_id conn, romp_str client,
                        const romp_message* frame);
  /** [any] Stops reading from the server, or goes on with it: what cannot be taken stays there. */
  romp_status (*hold)(const romp_host* host, romp_conn_id conn, int32_t on);
  /** [any] Ends the connection, and dials again; on_down says `why`. */
  romp_status (*restart)(const romp_host* host, romp_conn_id conn, romp_str why);
  /** [any] Ends it for good. on_closed is still to come. */
  romp_status (*close)(const romp_host* host, romp_conn_id conn);
  /** [any] ROMP_E_GONE: closed. */
  romp_status (*status)(const romp_host* host, romp_conn_id conn, romp_client_status* out);
} romp_client;

#ifdef __cplusplus
}
#endif
#endif
