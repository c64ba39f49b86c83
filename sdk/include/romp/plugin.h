/* SPDX-License-Identifier: Apache-2.0 */
/**
 * romp/plugin.h - the contract between the romp broker and a plugin, ABI major 1.
 *
 * One header, C99 and C++11, no library to link. A plugin is a shared object that exports one
 * function, romp_plugin_entry, and carries one ELF note; ROMP_PLUGIN at the end of this file writes
 * both. In C++ use romp/plugin.hpp, which is built on this.
 *
 * Ten rules
 *  1. One exported symbol. A plugin has no undefined symbol of romp's.
 *  2. Size first. A struct that crosses begins with its size; it grows only at its end. The sender
 *     sets `size` to the sizeof it was compiled with.
 *  3. Unknown is an error. Bytes beyond what the receiver knows must be zero (ROMP_E_TOOBIG); flags
 *     it does not know are refused (ROMP_E_INVAL).
 *  4. Borrowed for the call. A pointer passed in either direction is good until the call returns,
 *     unless its comment says more. To keep a string, copy it; to keep a frame, retain it. Nobody
 *     frees what they did not allocate.
 *  5. Numbers, not pointers, for what can go away. Ids are 64 bits and never used again; a dead one
 *     gives ROMP_E_GONE.
 *  6. The host never re-enters you. No host function calls back before it returns, so you may hold
 *     your own mutex while you call one.
 *  7. Nothing ends under your feet. Closing the session or stopping the timer whose callback is
 *     running takes effect after that callback has returned.
 *  8. What was started ends exactly once: a task, a timer, a subscription, a deferral, a slot.
 *  9. Every function has its thread mark, and the host checks it (ROMP_E_THREAD).
 * 10. What was published never changes its meaning. New meaning, new name.
 *
 * Thread marks
 *  [main]     the control thread. One lifecycle call at a time in the whole process; may block for
 *             seconds, not for ever.
 *  [session]  an I/O thread. Calls for one session never overlap and keep their order. Must not
 *             block; the budget is 1 ms.
 *  [plugin]   the instance's strand: tasks, timers, events, messages. They never overlap each
 *             other. Must not block.
 *  [worker]   a pool of the host. May block.
 *  [any]      any thread, also one that the plugin has started itself.
 * Without ROMP_PLUGIN_CONCURRENT the host lets no two callbacks of an instance overlap, whatever
 * their mark. An exception, a longjmp or a thread cancellation must never leave a callback.
 *
 * Types allowed here: int32_t, uint32_t, int64_t, uint64_t, double, size_t, pointers, and structs
 * of those. All text is UTF-8 with an explicit length, except the names in descriptors, which are
 * literals and end with NUL. All times are nanoseconds in int64_t.
 */
#ifndef ROMP_PLUGIN_H
#define ROMP_PLUGIN_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/** The ABI this header describes. */
#define ROMP_ABI_MAJOR 1u
#define ROMP_ABI_MINOR 0u

/** How much of the ABI you want to see. Members that were added in 1.N are visible when this is N
 * or more. The default gives the layouts of 1.0, bit for bit, whatever the age of the SDK. */
#ifndef ROMP_TARGET_MINOR
#define ROMP_TARGET_MINOR 0u
#endif

/** The oldest host, 1.N, that the plugin can live with; goes into note and descriptor. Lower than
 * the target means: you ask ROMP_HAS(host, function) before you call a newer function. */
#ifndef ROMP_REQUIRE_MINOR
#define ROMP_REQUIRE_MINOR ROMP_TARGET_MINOR
#endif

#if ROMP_TARGET_MINOR > ROMP_ABI_MINOR
#error "ROMP_TARGET_MINOR is newer than this SDK"
#endif
#if ROMP_REQUIRE_MINOR > ROMP_TARGET_MINOR
#error "ROMP_REQUIRE_MINOR is newer than ROMP_TARGET_MINOR"
#endif

/** An ABI version as one number, and back. */
#define ROMP_ABI(major, minor) ((major)*0x10000u + (minor))
#define ROMP_ABI_MAJOR_OF(abi) ((abi) >> 16)
#define ROMP_ABI_MINOR_OF(abi) ((abi)&0xffffu)

#if defined(__GNUC__)
#define ROMP_EXPORT __attribute__((visibility("default")))
#else
#define ROMP_EXPORT
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- plain values: frozen for ever, so they carry no size ---------------------------------- */

/** Text or bytes, not NUL-terminated. `data` NULL: absent. `data` not NULL and `len` 0: empty. */
typedef struct romp_str {
  const char* data;
  size_t len;
} romp_str;

/** One header, unescaped. */
typedef struct romp_header {
  romp_str name;
  romp_str value;
} romp_header;

typedef int32_t romp_status;      /**< ROMP_OK or a negative ROMP_E_ */
typedef int32_t romp_verdict;     /**< ROMP_CONTINUE .. ROMP_DEFER, or a negative ROMP_E_ */
typedef uint64_t romp_session_id; /**< 0 is no session; the same holds for the ids below */
typedef uint64_t romp_defer_id;
typedef uint64_t romp_timer_id;
typedef uint64_t romp_sub_id;
typedef uint64_t romp_conn_id;
typedef uint32_t romp_metric_id;
typedef uint64_t romp_list_id; /**< what an interface has listed; see romp/destinations.h */

#define ROMP_OK 0
#define ROMP_E_INVAL (-1)       /**< an argument breaks the rules */
#define ROMP_E_NOMEM (-2)       /**< no memory */
#define ROMP_E_GONE (-3)        /**< the session, timer, deferral or instance no longer exists */
#define ROMP_E_DENIED (-4)      /**< the capability is not declared, or the operator forbids it */
#define ROMP_E_TOOBIG (-5)      /**< over a limit, or unknown bytes at the end are not zero */
#define ROMP_E_AGAIN (-6)       /**< a queue is over its mark: slow down and try later */
#define ROMP_E_UNSUPPORTED (-7) /**< this host does not offer it */
#define ROMP_E_EXISTS (-8)      /**< the name is taken */
#define ROMP_E_NOTFOUND (-9)    /**< no such key, attribute, header */
#define ROMP_E_CANCELLED (-10)  /**< the instance or the host is stopping */
#define ROMP_E_THREAD (-11)     /**< called from a thread that may not */
#define ROMP_E_STATE (-12)      /**< called in the wrong state of the lifecycle */
#define ROMP_E_FAULT (-13)      /**< the plugin itself failed: an exception, a panic */

/* Verdicts of a filter. A negative status, or any other number, says that the plugin failed: it is
 * counted and logged, and the frame is rejected, or continues with ROMP_FILTER_FAIL_OPEN. */
#define ROMP_CONTINUE 0 /**< not mine, or only observed: next filter, then the built-in effect */
#define ROMP_HANDLED 1  /**< done: no later filter, no built-in effect; a receipt is still sent */
#define ROMP_REJECT 2   /**< drop the frame, answer ERROR; see romp_host.reject */
#define ROMP_DEFER 3    /**< the answer comes through resume(); see romp_host.defer */

/* Commands, in romp_frame.command and romp_message.command. */
enum {
  ROMP_CMD_CONNECT = 0,
  ROMP_CMD_STOMP = 1,
  ROMP_CMD_SEND = 2,
  ROMP_CMD_SUBSCRIBE = 3,
  ROMP_CMD_UNSUBSCRIBE = 4,
  ROMP_CMD_ACK = 5,
  ROMP_CMD_NACK = 6,
  ROMP_CMD_BEGIN = 7,
  ROMP_CMD_COMMIT = 8,
  ROMP_CMD_ABORT = 9,
  ROMP_CMD_DISCONNECT = 10,
  ROMP_CMD_CONNECTED = 16,
  ROMP_CMD_MESSAGE = 17,
  ROMP_CMD_RECEIPT = 18,
  ROMP_CMD_ERROR = 19,
  ROMP_CMD_UNKNOWN = 63 /**< a well-formed word that is no command; romp_frame.verb has it */
};
#define ROMP_MASK(command) (UINT64_C(1) << (command)) /**< for romp_filter.commands */
#define ROMP_MASK_ANY UINT64_C(0xffffffffffffffff)

/* Stages: where in the life of a frame a filter runs. They are names, not positions. */
enum {
  ROMP_STAGE_ACCEPT = 0,     /**< any client frame, before authentication */
  ROMP_STAGE_AUTH = 1,       /**< CONNECT and STOMP: authenticate() and HANDLED, or REJECT */
  ROMP_STAGE_FRAME = 2,      /**< frames of authenticated sessions; the usual one */
  ROMP_STAGE_PRE_ROUTE = 3,  /**< SEND, SUBSCRIBE: after the built-in checks, before the effect */
  ROMP_STAGE_POST_ROUTE = 4, /**< after the effect; the verdict is ignored; no MUTATES, no DEFER */
  ROMP_STAGE_OUTBOUND = 5,   /**< a server frame about to be written to one session; no DEFER */
  ROMP_STAGE_UNHANDLED = 6   /**< nobody took it: before "destination unknown", "unknown command" */
};

/* Levels of the log. */
enum {
  ROMP_LOG_TRACE = 0,
  ROMP_LOG_DEBUG = 1,
  ROMP_LOG_INFO = 2,
  ROMP_LOG_WARN = 3,
  ROMP_LOG_ERROR = 4
};

/* How a session reached the broker. */
enum {
  ROMP_TRANSPORT_TCP = 0,
  ROMP_TRANSPORT_TLS = 1,
  ROMP_TRANSPORT_WS = 2,
  ROMP_TRANSPORT_WSS = 3,
  ROMP_TRANSPORT_INTERNAL = 4 /**< no network: a session that a plugin or the host itself made */
};

/* ---- what the host shows to a callback: good until the callback returns --------------------- */

#define ROMP_FRAME_BODY_PENDING 0x1u /**< the body is not read yet; body_size is known */
#define ROMP_FRAME_RESUMED 0x2u      /**< the frame was deferred by an earlier filter */

/** A frame. Read the fields; change them only through the host (frame_set_header and the like, with
 * ROMP_FILTER_MUTATES), which refreshes this struct and ends every view taken from it before. While
 * a frame is deferred the struct stays good until resume(). */
typedef struct romp_frame {
  uint32_t size;              /**< bytes the host filled in */
  uint32_t command;           /**< ROMP_CMD_ */
  uint32_t flags;             /**< ROMP_FRAME_ */
  uint32_t header_count;      /**< entries in `headers` */
  const romp_header* headers; /**< wire order; of equal names the first counts; `passcode` is left
                                   out without ROMP_CAP_CREDENTIALS */
  romp_str verb;              /**< the command word as received, "SEND" */
  romp_str destination;       /**< the header `destination`; absent when there is none */
  romp_str body;              /**< absent while ROMP_FRAME_BODY_PENDING */
  uint64_t body_size;         /**< bytes of the body, also of one that is pending */
  void* impl;                 /**< the host's */
} romp_frame;

#define ROMP_SESSION_AUTHENTICATED 0x1u
#define ROMP_SESSION_ADMIN 0x2u      /**< came in through the admin port or login */
#define ROMP_SESSION_DOWNSTREAM 0x4u /**< a connection that this broker made */

/** Whose frame it is and where in its life. In OUTBOUND the session is the receiver's. */
typedef struct romp_ctx {
  uint32_t size;           /**< bytes the host filled in */
  uint32_t stage;          /**< ROMP_STAGE_ */
  romp_session_id session; /**< may be kept; everything else here may not */
  romp_str user;           /**< login name; empty before authentication */
  romp_str remote;         /**< "address:port" */
  uint32_t transport;      /**< ROMP_TRANSPORT_ */
  uint32_t session_flags;  /**< ROMP_SESSION_ */
  int64_t now_ns;          /**< steady clock, read once for many frames; not the time of day */
  void** slot;             /**< never NULL: one pointer of your own for each session and instance,
                                NULL at first. What is left in it goes to romp_plugin.drop_slot. */
  void* impl;              /**< the host's */
} romp_ctx;

/* HTTP methods, as bits of romp_http_filter.methods. */
#define ROMP_HTTP_GET 0x01u
#define ROMP_HTTP_HEAD 0x02u
#define ROMP_HTTP_POST 0x04u
#define ROMP_HTTP_PUT 0x08u
#define ROMP_HTTP_DELETE 0x10u
#define ROMP_HTTP_OPTIONS 0x20u

/** An HTTP request. The body is whole, and bounded by the server's limit on HTTP bodies: the server
 * answers 413 to a larger one, and the filter never sees it. */
typedef struct romp_http {
  uint32_t size;              /**< bytes the host filled in */
  uint32_t header_count;      /**< entries in `headers` */
  const romp_header* headers; /**< wire order; names in lower case */
  romp_str method;            /**< "GET" */
  romp_str path;              /**< as sent, not decoded, without the query */
  romp_str query;             /**< as sent, without the '?'; absent when there is no '?' */
  romp_str remote;            /**< "address:port" */
  romp_str body;              /**< empty when the request has none */
  int64_t now_ns;             /**< as in romp_ctx */
  void* impl;                 /**< the host's */
} romp_http;

/* Events. ROMP_MASK(type) is the bit of one in add_events' mask. In brackets: the fields that are
 * set besides type and now_ns. */
enum {
  ROMP_EV_SESSION_OPENED = 0,        /**< [session] */
  ROMP_EV_SESSION_CONNECTED = 1,     /**< [session user] */
  ROMP_EV_SESSION_CLOSED = 2,        /**< [session user reason] */
  ROMP_EV_SUBSCRIBED = 3,            /**< [session user destination] */
  ROMP_EV_UNSUBSCRIBED = 4,          /**< [session user destination] */
  ROMP_EV_DEST_CREATED = 5,          /**< [destination] */
  ROMP_EV_DEST_FIRST_SUBSCRIBER = 6, /**< [destination] */
  ROMP_EV_DEST_LAST_SUBSCRIBER = 7,  /**< [destination]: the last one has gone */
  ROMP_EV_DEST_DROPPED = 8,          /**< [destination reason value]: value messages were dropped */
  ROMP_EV_DEST_DELETED = 9,          /**< [destination] */
  ROMP_EV_SERVER_READY = 10,         /**< listeners are open */
  ROMP_EV_SERVER_DRAINING = 11,      /**< listeners are closed, sessions are about to be */
  ROMP_EV_OVERFLOW = 12              /**< [value]: your queue was full, value events were lost */
};

/** Something happened. */
typedef struct romp_event {
  uint32_t size; /**< bytes the host filled in */
  uint32_t type; /**< ROMP_EV_ */
  romp_session_id session;
  romp_str user;
  romp_str destination;
  romp_str reason;
  int64_t value;
  int64_t now_ns; /**< as in romp_ctx, when it happened */
} romp_event;

/* ---- what a plugin passes in: start from all zero, then set `size` --------------------------- */

/** A message to send, publish or answer with. Headers that have a field of their own here, and
 * content-length, are refused in `headers` (ROMP_E_INVAL). */
typedef struct romp_message {
  uint32_t size;
  uint32_t command;           /**< ROMP_CMD_, or 0 for what is natural: MESSAGE in session_send,
                                   SEND in publish; http_reply ignores it */
  uint32_t flags;             /**< none in 1.0: zero */
  uint32_t header_count;      /**< entries in `headers` */
  const romp_header* headers; /**< not escaped; no NUL byte in them */
  romp_str destination;       /**< where to; required in publish, a header in session_send */
  romp_str content_type;      /**< absent: none is sent */
  romp_str body;              /**< any bytes */
  const romp_frame* share;    /**< a frame you have retained, whose body is sent without copying
                                   instead of `body`; or NULL */
} romp_message;

#define ROMP_ERR_FATAL 0x1u /**< close the session after the ERROR frame */

/** What a REJECT tells whom. */
typedef struct romp_error {
  uint32_t size;
  uint32_t flags; /**< ROMP_ERR_ */
  romp_str reply; /**< for the client: the header `message` of the ERROR frame */
  romp_str log;   /**< for the log only; absent: `reply` is logged */
} romp_error;

enum { ROMP_CLOSE_DRAIN = 0, ROMP_CLOSE_NOW = 1 };     /**< session_close: write what is queued? */
enum { ROMP_SCOPE_FRAME = 0, ROMP_SCOPE_SESSION = 1 }; /**< attr_get, attr_set */

#define ROMP_FILTER_NEED_BODY 0x1u /**< call me when the body is there, not before */
#define ROMP_FILTER_MUTATES 0x2u   /**< I may change the frame; wants ROMP_CAP_MUTATE */
#define ROMP_FILTER_MAY_DEFER 0x4u /**< I may return ROMP_DEFER */
#define ROMP_FILTER_FAIL_OPEN 0x8u /**< when I fail let the frame continue instead of reject it */

/** A frame filter. Everything it wants is declared, so that a frame nobody asked for costs nothing.
 * Inside a stage the order is: priority, plugin id, order of add_filter. */
typedef struct romp_filter {
  uint32_t size;
  uint32_t flags;          /**< ROMP_FILTER_ */
  uint32_t stage;          /**< ROMP_STAGE_ */
  int32_t priority;        /**< low runs first; 0 is the usual one */
  uint64_t commands;       /**< ROMP_MASK()s ored together; not 0 */
  const char* name;        /**< unique in the instance: for logs, metrics, the chain page */
  const char* destination; /**< exact, or a prefix that ends in '*', or NULL for any and none */
  const char* header;      /**< only frames that have this header; NULL for all */
  /** [session] */
  romp_verdict (*on_frame)(void* user, const romp_ctx* ctx, romp_frame* frame);
  void* user; /**< given back to on_frame */
} romp_filter;

/** An HTTP filter: pages and small web services on the broker's HTTP port. */
typedef struct romp_http_filter {
  uint32_t size;
  uint32_t flags;   /**< none in 1.0: zero */
  uint32_t methods; /**< ROMP_HTTP_ bits; not 0 */
  int32_t priority; /**< as in romp_filter */
  const char* name; /**< as in romp_filter */
  const char* path; /**< exact, or a prefix that ends in '*'; compared with the path as sent */
  /** [session] Answer with http_reply and return its result; CONTINUE asks the next filter, and in
   * the end gives 404. REJECT, or HANDLED without a reply, is logged and gives 500. */
  romp_verdict (*on_request)(void* user, const romp_http* request);
  void* user; /**< given back to on_request */
} romp_http_filter;

enum { ROMP_ACK_AUTO = 0, ROMP_ACK_CLIENT = 1, ROMP_ACK_CLIENT_INDIVIDUAL = 2 };

/** A subscription of the plugin itself. */
typedef struct romp_subscription {
  uint32_t size;
  uint32_t flags;             /**< none in 1.0: zero */
  uint32_t ack;               /**< ROMP_ACK_ */
  uint32_t window;            /**< most messages not yet settled; 0: as the host thinks */
  uint32_t header_count;      /**< entries in `headers` */
  uint32_t reserved;          /**< zero */
  romp_str destination;       /**< required */
  const romp_header* headers; /**< as in SUBSCRIBE, "selector" for one */
  /** [plugin] A message. With ROMP_ACK_AUTO the token is 0, else it goes to ack(). */
  void (*on_message)(void* user, romp_sub_id sub, const romp_frame* message, uint64_t ack_token);
  /** [plugin] The end, exactly once, after the last on_message: ROMP_OK after unsubscribe(),
   * ROMP_E_GONE when the destination was deleted, ROMP_E_AGAIN when this was too slow for a topic,
   * ROMP_E_CANCELLED when the instance stops. What was not settled goes back to its queue. */
  void (*on_closed)(void* user, romp_sub_id sub, romp_status why);
  void* user; /**< given back to both */
} romp_subscription;

/** A task. It runs exactly once: with ROMP_OK, or with ROMP_E_CANCELLED when the instance stops
 * first. So what `arg` points to can be freed in the task. A timer that repeats runs its task with
 * ROMP_OK as often as it fires and then once with ROMP_E_CANCELLED. When the function that takes
 * the task returns an error the task does not run, and `arg` stays yours. */
typedef void (*romp_task)(void* arg, romp_status status);

typedef struct romp_config romp_config; /**< the settings of one instance; opaque */

/* Kinds of metric. */
enum {
  ROMP_METRIC_COUNTER = 0,  /**< only grows */
  ROMP_METRIC_GAUGE = 1,    /**< goes up and down */
  ROMP_METRIC_HISTOGRAM = 2 /**< counts values in buckets; durations in seconds */
};

/* ---- the host, as one instance of a plugin sees it ------------------------------------------- */

/** The functions of the host. The table is the host's and stays mapped for ever: after destroy()
 * every function in it returns ROMP_E_GONE, so that a forgotten thread gets an error and not a
 * crash. Each takes the host pointer that create() was given.
 *
 * Every function that returns a romp_status may give, besides what its comment says, ROMP_E_INVAL,
 * ROMP_E_NOMEM, ROMP_E_THREAD, ROMP_E_STATE, ROMP_E_GONE, and ROMP_E_TOOBIG for a struct that is
 * newer than the host. */
typedef struct romp_host romp_host;
struct romp_host {
  uint32_t size;        /**< bytes the host filled in; see ROMP_HAS */
  uint32_t abi;         /**< the host's own ROMP_ABI(major, minor) */
  void* impl;           /**< the host's */
  const char* version;  /**< of the host, "romp/1.4.2" */
  const char* instance; /**< name of this instance, as in [plugin.NAME] */

  /* -- discovery -- */

  /** [any] An interface by id, or NULL when this host has none. Good for ever. See
   * romp/destinations.h, romp/sessions.h, romp/admin.h, romp/http.h. */
  const void* (*get_interface)(const romp_host* host, const char* id);

  /* -- log and errors -- */

  /** [any] One line for the host's log, with the instance's name and control characters escaped. */
  void (*log)(const romp_host* host, uint32_t level, romp_str text);
  /** [any] Is the level written at all? 0 or 1. Ask before an expensive text is made. */
  int32_t (*log_enabled)(const romp_host* host, uint32_t level);
  /** [any] Notes why something failed and returns `why`, so that `return host->fail(host,
   * ROMP_E_INVAL, ROMP_STR("pattern: unbalanced '('"))` gives the operator that sentence. It goes
   * with the callback that is running on this thread, when that returns a negative status. */
  romp_status (*fail)(const romp_host* host, romp_status why, romp_str text);

  /* -- settings: only in create and reconfigure; texts live until destroy() -- */

  /** [main] The text of a key, or its fallback. A secret given as "file:PATH" is the content of
   * that file without the line break at its end. ROMP_E_NOTFOUND: not declared. */
  romp_status (*config_get)(const romp_host* host, const romp_config* config, const char* key,
                            romp_str* out);
  /** [main] The value of an int, bool (0 or 1), duration (nanoseconds) or size (bytes).
   * ROMP_E_NOTFOUND: not declared. ROMP_E_INVAL: declared with another type. */
  romp_status (*config_int)(const romp_host* host, const romp_config* config, const char* key,
                            int64_t* out);
  /** [main] Key and value number `index`, in the order of declaration. ROMP_E_NOTFOUND: no more. */
  romp_status (*config_at)(const romp_host* host, const romp_config* config, uint32_t index,
                           romp_str* key, romp_str* value);

  /* -- registration: only in create (ROMP_E_STATE later); structs and their texts are copied -- */

  /** [main] Wants ROMP_CAP_FRAMES, and ROMP_CAP_AUTH for ROMP_STAGE_AUTH. ROMP_E_EXISTS: name. */
  romp_status (*add_filter)(const romp_host* host, const romp_filter* filter);
  /** [main] Wants ROMP_CAP_HTTP. ROMP_E_EXISTS: name. ROMP_E_UNSUPPORTED: no HTTP here. */
  romp_status (*add_http)(const romp_host* host, const romp_http_filter* filter);
  /** [main] on_event is called [plugin] for each event whose bit is in `mask`; once an instance.
   * The queue is bounded: see ROMP_EV_OVERFLOW. ROMP_E_UNSUPPORTED: no events here. */
  romp_status (*add_events)(const romp_host* host, uint64_t mask,
                            void (*on_event)(void* user, const romp_event* event), void* user);
  /** [main] Defines romp_plugin_NAME{plugin="INSTANCE"}; name is [a-z][a-z0-9_]*. ROMP_E_EXISTS:
   * name. ROMP_E_UNSUPPORTED: the kind, or no metrics here. */
  romp_status (*metric_define)(const romp_host* host, uint32_t kind, const char* name,
                               const char* help, romp_metric_id* out);

  /* -- the frame in hand: in its filter, or by one thread at a time while you defer it. Changes
   *    want ROMP_FILTER_MUTATES (ROMP_E_DENIED). -- */

  /** [session] Afterwards there is exactly one header `name`, in the place of the first one or at
   * the end. ROMP_E_INVAL: an empty name, a NUL byte, content-length. ROMP_E_TOOBIG: limits. */
  romp_status (*frame_set_header)(const romp_host* host, romp_frame* frame, romp_str name,
                                  romp_str value);
  /** [session] Removes every header `name`. ROMP_E_NOTFOUND: there was none. */
  romp_status (*frame_remove_header)(const romp_host* host, romp_frame* frame, romp_str name);
  /** [session] Replaces the body and corrects content-length. ROMP_E_TOOBIG: limits.
   * ROMP_E_STATE: the body is pending. */
  romp_status (*frame_set_body)(const romp_host* host, romp_frame* frame, romp_str body);
  /** [session] [plugin] An immutable frame with the same content that lives until frame_release,
   * or NULL without memory. For a frame that is retained already, [any]: one more reference. */
  const romp_frame* (*frame_retain)(const romp_host* host, const romp_frame* frame);
  /** [any] Gives back one reference. NULL is allowed. */
  void (*frame_release)(const romp_host* host, const romp_frame* frame);

  /* -- verdicts -- */

  /** [session] Sets what a REJECT says and returns ROMP_REJECT: `return host->reject(..)`. */
  romp_verdict (*reject)(const romp_host* host, const romp_ctx* ctx, const romp_error* error);
  /** [session] Announces ROMP_DEFER, which the filter must return then. The session is not read
   * until resume(), so its order holds; others go on. The frame stays yours, ctx does not.
   * ROMP_E_DENIED: without ROMP_FILTER_MAY_DEFER. */
  romp_status (*defer)(const romp_host* host, const romp_ctx* ctx, romp_defer_id* out);
  /** [any] Ends a deferral with CONTINUE, HANDLED or REJECT; `error` goes with REJECT, or NULL. May
   * be called before the filter has returned ROMP_DEFER. ROMP_E_GONE: resumed before, timed out
   * (then the frame was rejected), or the session is gone: leave the frame alone from then on. */
  romp_status (*resume)(const romp_host* host, romp_defer_id id, romp_verdict verdict,
                        const romp_error* error);
  /** [session], and [any] for a request that you defer. Answers it and returns ROMP_HANDLED, or a
   * negative status when nothing was sent. `status` is 200 to 599. Of the message it takes headers,
   * content_type and body (NULL: no body). The host promises: exactly one Content-Length, equal to
   * the body and also for HEAD, whose body is left out; Content-Type as given, else
   * text/plain;charset=utf-8 when there is a body; not one byte beyond the body; the connection
   * stays open as HTTP/1.1 and the request's Connection header say. ROMP_E_INVAL: CR, LF or NUL in
   * a header, or a header that is the host's (connection, content-length, transfer-encoding).
   * ROMP_E_STATE: answered already. */
  romp_verdict (*http_reply)(const romp_host* host, const romp_http* request, uint32_t status,
                             const romp_message* message);

  /* -- sessions -- */

  /** [any] Names the user of a session whose CONNECT you are deciding: inside an AUTH filter, or
   * before the resume() of one. Return or resume HANDLED afterwards. Wants ROMP_CAP_AUTH. */
  romp_status (*authenticate)(const romp_host* host, romp_session_id session, romp_str user);
  /** [any] Queues a frame for one client, past all filters of this plugin. In the session whose
   * frame you have in hand or deferred it is free, to others it wants ROMP_CAP_SESSIONS.
   * ROMP_E_AGAIN: the client is slow, its queue is full. */
  romp_status (*session_send)(const romp_host* host, romp_session_id session,
                              const romp_message* message);
  /** [any] Ends a session; `how` is ROMP_CLOSE_, `reason` goes to the log. Capability as above. */
  romp_status (*session_close)(const romp_host* host, romp_session_id session, uint32_t how,
                               romp_str reason);
  /** [session] A text attribute of the frame or session, shared by all plugins. The value is good
   * until the callback returns or the attribute is set. ROMP_E_NOTFOUND: not set. */
  romp_status (*attr_get)(const romp_host* host, const romp_ctx* ctx, uint32_t scope, romp_str key,
                          romp_str* out);
  /** [session] Sets an attribute; an absent value removes it. ROMP_E_TOOBIG: limits. */
  romp_status (*attr_set)(const romp_host* host, const romp_ctx* ctx, uint32_t scope, romp_str key,
                          romp_str value);

  /* -- messaging -- */

  /** [any] Publishes to a destination, past all filters of this plugin; wants ROMP_CAP_PUBLISH.
   * ROMP_E_NOTFOUND: no such destination. ROMP_E_AGAIN: it is full. */
  romp_status (*publish)(const romp_host* host, const romp_message* message);
  /** [any] Subscribes; wants ROMP_CAP_SUBSCRIBE. Topics may be named by a pattern. When it fails
   * on_closed is not called. ROMP_E_NOTFOUND: no such destination. ROMP_E_AGAIN: too many.
   * ROMP_E_CANCELLED: stopping. ROMP_E_UNSUPPORTED: not in this host. */
  romp_status (*subscribe)(const romp_host* host, const romp_subscription* subscription,
                           romp_sub_id* out);
  /** [any] Ends a subscription; on_closed is still to come. */
  romp_status (*unsubscribe)(const romp_host* host, romp_sub_id subscription);
  /** [any] Settles a message, with ROMP_ACK_CLIENT all before it too: `positive` 1 is ACK, 0 is
   * NACK, which sends it back. ROMP_E_NOTFOUND: settled before. ROMP_E_STATE: ROMP_ACK_AUTO. */
  romp_status (*ack)(const romp_host* host, romp_sub_id subscription, uint64_t ack_token,
                     int32_t positive);

  /* -- execution -- */

  /** [any] Runs a task [plugin], on the instance's strand, in the order of posting. ROMP_E_AGAIN:
   * too many are waiting. ROMP_E_CANCELLED: stopping. */
  romp_status (*post)(const romp_host* host, romp_task task, void* arg);
  /** [any] Runs a task [worker], where it may block. Errors as post. */
  romp_status (*post_worker)(const romp_host* host, romp_task task, void* arg);
  /** [any] Runs a task [plugin] after `after_ns`, then every `every_ns` (0: only once). Missed
   * firings are not made up. ROMP_E_CANCELLED: stopping. */
  romp_status (*timer_start)(const romp_host* host, int64_t after_ns, int64_t every_ns,
                             romp_task task, void* arg, romp_timer_id* out);
  /** [any] Stops a timer; its task still runs once with ROMP_E_CANCELLED. ROMP_E_GONE: it has
   * ended already. */
  romp_status (*timer_stop)(const romp_host* host, romp_timer_id timer);

  /* -- metrics: a wrong id is ignored -- */

  /** [any] Counter: adds `value`, which is not negative. Gauge: adds. Histogram: records it. */
  void (*metric_add)(const romp_host* host, romp_metric_id metric, double value);
  /** [any] Gauge: sets. */
  void (*metric_set)(const romp_host* host, romp_metric_id metric, double value);

  /* A later minor appends its block here, inside #if ROMP_TARGET_MINOR >= N. */
};

/** Does this host have that function? Needed only where REQUIRE_MINOR is below TARGET_MINOR. */
#define ROMP_HAS(host, member) \
  ((host)->size >= offsetof(romp_host, member) + sizeof((host)->member))

/* ---- the plugin ------------------------------------------------------------------------------ */

/* Capabilities: what a plugin wants to do. The operator may allow less. */
#define ROMP_CAP_FRAMES (UINT64_C(1) << 0)      /**< see frames: add_filter */
#define ROMP_CAP_MUTATE (UINT64_C(1) << 1)      /**< change frames: ROMP_FILTER_MUTATES */
#define ROMP_CAP_CREDENTIALS (UINT64_C(1) << 2) /**< see the header passcode */
#define ROMP_CAP_AUTH (UINT64_C(1) << 3)        /**< decide who may connect */
#define ROMP_CAP_PUBLISH (UINT64_C(1) << 4)     /**< publish messages */
#define ROMP_CAP_SUBSCRIBE (UINT64_C(1) << 5)   /**< subscribe to destinations */
#define ROMP_CAP_SESSIONS (UINT64_C(1) << 6)    /**< send to and close any session */
#define ROMP_CAP_NETWORK (UINT64_C(1) << 7)     /**< make connections */
#define ROMP_CAP_HTTP (UINT64_C(1) << 8)        /**< answer HTTP requests */
#define ROMP_CAP_ADMIN (UINT64_C(1) << 9)       /**< see settings and plugins, purge, reload */

#define ROMP_PLUGIN_CONCURRENT 0x1u /**< calls for different sessions, and strand, may overlap */
#define ROMP_PLUGIN_EXCLUSIVE 0x2u  /**< reload stops the old instance before the new one starts */

/** A key that the plugin reads from its ini section. The host refuses unknown keys, missing ones
 * and bad values before create(). Frozen for ever, as it is the element of an array. */
typedef struct romp_config_key {
  const char* name;
  /** "string"; "int" -5; "number" 0.25; "bool" yes/no, true/false, on/off, 1/0; "duration" 1500ms,
   * with ns us ms s m h d; "size" 16MiB, with B KiB MiB GiB or none; "secret" a string that is
   * never printed. */
  const char* type;
  const char* fallback; /**< what holds when the section lacks the key; NULL: it is required */
  const char* help;     /**< one line for the operator */
} romp_config_key;

/** The descriptor. Static, read-only, one for each file; instances are made with create().
 *
 * create -> start -> running -> stop -> drained -> destroy. When create fails nothing else is
 * called; when start fails, destroy is. Only id, version and create must be set. */
typedef struct romp_plugin {
  uint32_t size;
  uint32_t abi;                       /**< ROMP_ABI(major, least minor), as in the note */
  const char* id;                     /**< [a-z0-9][a-z0-9._-]{0,62}, as in the note */
  const char* version;                /**< at most 31 bytes, as in the note */
  const char* title;                  /**< one line for the operator, or NULL */
  const char* author;                 /**< or NULL */
  uint64_t capabilities;              /**< ROMP_CAP_ */
  uint32_t flags;                     /**< ROMP_PLUGIN_ */
  uint32_t config_key_count;          /**< entries in `config_keys` */
  const romp_config_key* config_keys; /**< or NULL */
  const char* const* needs;           /**< interfaces it cannot do without; NULL ends it; or NULL */
  /** [main] Makes an instance: reads settings, adds filters, defines metrics; sends nothing. `host`
   * may be kept until destroy(), `config` may not. */
  romp_status (*create)(const romp_host* host, const romp_config* config, void** self);
  /** [main] Everything is created, no listener is open. Own threads start here. */
  romp_status (*start)(void* self);
  /** [main] New settings for a running instance, while no other callback runs. ROMP_E_UNSUPPORTED:
   * make a new instance instead, which is also what happens when this is NULL. */
  romp_status (*reconfigure)(void* self, const romp_config* config);
  /** [main] Join your own threads. Publishing still works, new timers and subscriptions do not. */
  void (*stop)(void* self);
  /** [main] The last call. No callback runs, and none will. */
  void (*destroy)(void* self);
  /** [session] or, before destroy(), [main]: a session has ended, or the instance has, and left
   * `slot` (not NULL) in its romp_ctx.slot. Exactly once for each; no callback for that session
   * runs or follows. NULL: slots need no care. */
  void (*drop_slot)(void* self, void* slot);
} romp_plugin;

typedef const romp_plugin* (*romp_plugin_entry_fn)(uint32_t host_major);

/** [main] The one exported symbol: the descriptor for that major, or NULL. */
ROMP_EXPORT const romp_plugin* romp_plugin_entry(uint32_t host_major);

/* ---- the note: what the host reads before any code of the file runs -------------------------- */

#define ROMP_NOTE_TYPE 0x504d4f52u
#define ROMP_NOTE_SECTION ".note.romp"

/** An ELF note. `readelf -n` shows it. Texts end with NUL, the rest of their field is NUL too. */
typedef struct romp_note {
  uint32_t namesz; /**< 5: "romp" and its NUL */
  uint32_t descsz; /**< bytes from `abi` on */
  uint32_t type;   /**< ROMP_NOTE_TYPE */
  char name[8];    /**< "romp" */
  uint32_t abi;    /**< ROMP_ABI(major, least minor the plugin needs) */
  uint32_t sdk;    /**< ROMP_ABI(major, minor) of the SDK it was built with */
  char id[64];
  char version[32];
} romp_note;

/* ---- the layout of 1.0, frozen (LP64) -------------------------------------------------------- */

#if UINTPTR_MAX == UINT64_C(0xffffffffffffffff) && !defined(ROMP_NO_FREEZE)
#define ROMP_FREEZE_(tag, condition) typedef char romp_freeze_##tag[(condition) ? 1 : -1]
#define ROMP_FREEZE_SIZE_(type, bytes, last, at)                                   \
  ROMP_FREEZE_(type, (sizeof(romp_##type) == (bytes) ||                            \
                      (ROMP_TARGET_MINOR > 0 && sizeof(romp_##type) > (bytes))) && \
                         offsetof(romp_##type, last) == (at))
ROMP_FREEZE_SIZE_(str, 16, len, 8);
ROMP_FREEZE_SIZE_(header, 32, value, 16);
ROMP_FREEZE_SIZE_(frame, 88, impl, 80);
ROMP_FREEZE_SIZE_(ctx, 80, impl, 72);
ROMP_FREEZE_SIZE_(http, 112, impl, 104);
ROMP_FREEZE_SIZE_(event, 80, now_ns, 72);
ROMP_FREEZE_SIZE_(message, 80, share, 72);
ROMP_FREEZE_SIZE_(error, 40, log, 24);
ROMP_FREEZE_SIZE_(filter, 64, user, 56);
ROMP_FREEZE_SIZE_(http_filter, 48, user, 40);
ROMP_FREEZE_SIZE_(subscription, 72, user, 64);
ROMP_FREEZE_SIZE_(config_key, 32, help, 24);
ROMP_FREEZE_SIZE_(plugin, 120, drop_slot, 112);
ROMP_FREEZE_SIZE_(note, 124, version, 92);
ROMP_FREEZE_(host_first, offsetof(romp_host, get_interface) == 32);
ROMP_FREEZE_(host_middle, offsetof(romp_host, reject) == 160);
ROMP_FREEZE_SIZE_(host, 312, metric_set, 304);
#endif

/* ---- conveniences: inline, no part of the ABI ------------------------------------------------ */

/** A romp_str of a literal; without its NUL. */
#ifdef __cplusplus
#define ROMP_STR(literal) (romp_str{"" literal, sizeof(literal) - 1})
#else
#define ROMP_STR(literal) ((romp_str){"" literal, sizeof(literal) - 1})
#endif

/** `len` bytes at `data`. */
static inline romp_str romp_str_n(const char* data, size_t len) {
  romp_str s;
  s.data = data;
  s.len = len;
  return s;
}

/** Text that ends with NUL; NULL is absent. */
static inline romp_str romp_str_z(const char* text) {
  return romp_str_n(text, text ? strlen(text) : 0);
}

/** Same bytes? Absent equals empty. */
static inline int romp_str_eq(romp_str a, romp_str b) {
  return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/** The value of the first header `name`, or an absent string. */
static inline romp_str romp_frame_header(const romp_frame* frame, romp_str name) {
  uint32_t i;
  for (i = 0; i < frame->header_count; i++) {
    if (romp_str_eq(frame->headers[i].name, name)) return frame->headers[i].value;
  }
  return romp_str_n(NULL, 0);
}

/* Clang's address sanitizer would put a red zone into the note; gcc's leaves sections alone. */
#if defined(__clang__)
#define ROMP_PLAIN_ , no_sanitize("address")
#else
#define ROMP_PLAIN_
#endif

/** The note; ROMP_PLUGIN and ROMP_PLUGIN_CPP put it in. */
#define ROMP_NOTE_(id_, version_)                                               \
  __attribute__((used, section(ROMP_NOTE_SECTION),                              \
                 aligned(4) ROMP_PLAIN_)) static const romp_note romp_note_ = { \
      5,                                                                        \
      sizeof(romp_note) - offsetof(romp_note, abi),                             \
      ROMP_NOTE_TYPE,                                                           \
      "romp",                                                                   \
      ROMP_ABI(ROMP_ABI_MAJOR, ROMP_REQUIRE_MINOR),                             \
      ROMP_ABI(ROMP_ABI_MAJOR, ROMP_ABI_MINOR),                                 \
      id_,                                                                      \
      version_}

#ifndef __cplusplus
/** Everything a C plugin must export. Once a file, at its end, with a semicolon:
 *   ROMP_PLUGIN("ping", "1.0.0", .capabilities = ROMP_CAP_FRAMES, .create = create); */
#define ROMP_PLUGIN(id_, version_, ...)                                                         \
  ROMP_NOTE_(id_, version_);                                                                    \
  static const romp_plugin romp_plugin_ = {.size = sizeof(romp_plugin),                         \
                                           .abi = ROMP_ABI(ROMP_ABI_MAJOR, ROMP_REQUIRE_MINOR), \
                                           .id = id_,                                           \
                                           .version = version_,                                 \
                                           __VA_ARGS__};                                        \
  const romp_plugin* romp_plugin_entry(uint32_t host_major) {                                   \
    return host_major == ROMP_ABI_MAJOR ? &romp_plugin_ : NULL;                                 \
  }                                                                                             \
  struct romp_plugin_wants_a_semicolon_
#endif

#ifdef __cplusplus
}
#endif
#endif
