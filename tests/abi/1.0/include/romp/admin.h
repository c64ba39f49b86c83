/* SPDX-License-Identifier: Apache-2.0 */
/**
 * romp/admin.h - the interface "romp.admin/1": what an administrator's page shows and does.
 *
 * Everything here wants ROMP_CAP_ADMIN. Lists are as in romp/destinations.h; there is one release()
 * for all of them.
 */
#ifndef ROMP_ADMIN_H
#define ROMP_ADMIN_H

#include <romp/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ROMP_ADMIN_ID "romp.admin/1"

/** One option of the broker's configuration, as it is in force. */
typedef struct romp_admin_setting {
  uint32_t size; /**< set by the caller */
  uint32_t reserved;
  romp_str section;
  romp_str key;
  romp_str value; /**< a secret is masked */
  romp_str help;
} romp_admin_setting;

/* Where an instance is in its life. */
enum {
  ROMP_ADMIN_RUNNING = 0,
  ROMP_ADMIN_ENDING = 1,  /**< exchanged by a reload; its last frames are still under way */
  ROMP_ADMIN_DISABLED = 2 /**< it failed too often; see the option on_fault */
};

/** One instance of a plugin. */
typedef struct romp_admin_plugin {
  uint32_t size;  /**< set by the caller */
  uint32_t state; /**< ROMP_ADMIN_ */
  romp_str instance;
  romp_str id;
  romp_str version;
  romp_str title;
  uint64_t capabilities; /**< ROMP_CAP_, those it was given */
  uint64_t filters;      /**< how many it has */
  uint64_t faults;       /**< of all its filters */
  uint64_t openings;     /**< how often it failed too often and was not called for a while */
  uint64_t events_lost;  /**< its queue of events was full */
  uint64_t retained;     /**< frames it holds now */
} romp_admin_plugin;

/** One filter, in the order of the chain. Counts are since its instance was made. */
typedef struct romp_admin_filter {
  uint32_t size;  /**< set by the caller */
  uint32_t stage; /**< ROMP_STAGE_ */
  int32_t priority;
  uint32_t flags; /**< ROMP_FILTER_ */
  romp_str instance;
  romp_str name;
  romp_str destination; /**< as registered; absent: any */
  romp_str header;      /**< absent: not asked for */
  uint64_t commands;    /**< ROMP_MASK()s */
  uint64_t calls;
  uint64_t handled;
  uint64_t rejected; /**< by the filter itself */
  uint64_t deferred;
  uint64_t timeouts;    /**< of deferrals */
  uint64_t faults;      /**< exceptions, statuses, verdicts that are none */
  uint64_t blocked;     /**< frames it was not asked about, since it fails too often */
  uint64_t over_budget; /**< of the sampled calls */
  uint64_t sampled_calls;
  uint64_t sampled_ns; /**< time of the sampled calls, one in 64 */
} romp_admin_filter;

/** The functions. */
typedef struct romp_admin {
  uint32_t size;
  uint32_t reserved;
  /** [any] Lists the options. ROMP_E_AGAIN: too many lists are held. */
  romp_status (*settings)(const romp_host* host, romp_list_id* out, uint64_t* count);
  /** [any] ROMP_E_NOTFOUND: no more. ROMP_E_GONE: no such list. */
  romp_status (*setting_at)(const romp_host* host, romp_list_id list, uint64_t index,
                            romp_admin_setting* out);
  /** [any] Lists the instances, by name. */
  romp_status (*plugins)(const romp_host* host, romp_list_id* out, uint64_t* count);
  /** [any] As setting_at. */
  romp_status (*plugin_at)(const romp_host* host, romp_list_id list, uint64_t index,
                           romp_admin_plugin* out);
  /** [any] Lists the filters of all running instances. */
  romp_status (*filters)(const romp_host* host, romp_list_id* out, uint64_t* count);
  /** [any] As setting_at. */
  romp_status (*filter_at)(const romp_host* host, romp_list_id list, uint64_t index,
                           romp_admin_filter* out);
  /** [any] Gives a list back. ROMP_E_GONE: given back already. */
  romp_status (*release)(const romp_host* host, romp_list_id list);
  /** [any] Asks the broker to read its configuration again, as SIGHUP does. What came of it is in
   * the log. ROMP_E_UNSUPPORTED: it was started without a file. */
  romp_status (*reload)(const romp_host* host);
} romp_admin;

#ifdef __cplusplus
}
#endif
#endif
