/* SPDX-License-Identifier: Apache-2.0 */
/**
 * romp/destinations.h - the interface "romp.destinations/1": what destinations there are.
 *
 *   const romp_destinations* d = host->get_interface(host, ROMP_DESTINATIONS_ID);
 *
 * A list is a picture of one moment. Its texts are good until release(), or destroy(). An instance
 * can hold 16 lists. An `out` struct is the caller's, with its `size` set; the host fills as much.
 */
#ifndef ROMP_DESTINATIONS_H
#define ROMP_DESTINATIONS_H

#include <romp/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ROMP_DESTINATIONS_ID "romp.destinations/1"

#define ROMP_DESTINATION_QUEUE 0x1u     /**< a queue; else a topic */
#define ROMP_DESTINATION_DECLARED 0x2u  /**< has a section of its own; else made on demand */
#define ROMP_DESTINATION_TEMPORARY 0x4u /**< belongs to one session */

/** One destination. Counts are since it was made. */
typedef struct romp_destination {
  uint32_t size;  /**< set by the caller */
  uint32_t flags; /**< ROMP_DESTINATION_ */
  romp_str name;
  uint64_t subscriptions; /**< now */
  uint64_t waiting;       /**< messages in the queue now, not handed out */
  uint64_t in_flight;     /**< messages handed out and not settled now */
  uint64_t published;     /**< taken in */
  uint64_t delivered;     /**< given to subscriptions */
  uint64_t dropped;       /**< for a slow consumer, or the oldest of a full queue */
  uint64_t expired;
  uint64_t dead_lettered;
  uint64_t refused; /**< not taken in: full */
} romp_destination;

/** The functions. Each takes the host pointer that create() was given. */
typedef struct romp_destinations {
  uint32_t size;
  uint32_t reserved;
  /** [any] Lists those whose name begins with `prefix` (absent: all), by name. ROMP_E_AGAIN: too
   * many lists are held. */
  romp_status (*list)(const romp_host* host, romp_str prefix, romp_list_id* out, uint64_t* count);
  /** [any] Entry `index` of a list. ROMP_E_NOTFOUND: no more. ROMP_E_GONE: no such list. */
  romp_status (*at)(const romp_host* host, romp_list_id list, uint64_t index,
                    romp_destination* out);
  /** [any] Gives a list back. ROMP_E_GONE: given back already. */
  romp_status (*release)(const romp_host* host, romp_list_id list);
  /** [any] One destination as it is now; `out->name` is `name` as given. ROMP_E_NOTFOUND. */
  romp_status (*get)(const romp_host* host, romp_str name, romp_destination* out);
  /** [any] Empties a queue; what is in flight stays. `count` says how many messages are gone. Wants
   * ROMP_CAP_ADMIN. ROMP_E_NOTFOUND. */
  romp_status (*purge)(const romp_host* host, romp_str name, uint64_t* count);
} romp_destinations;

#ifdef __cplusplus
}
#endif
#endif
