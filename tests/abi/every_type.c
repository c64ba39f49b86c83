/* SPDX-License-Identifier: Apache-2.0 */
/* Two functions that take every public type, so that their dump holds the whole layout. */
#include <romp/admin.h>
#include <romp/client.h>
#include <romp/destinations.h>
#include <romp/http.h>
#include <romp/sessions.h>

ROMP_EXPORT void romp_every_type(const romp_host*, const romp_plugin*, const romp_frame*,
                                 const romp_ctx*, const romp_http*, const romp_event*,
                                 const romp_message*, const romp_error*, const romp_filter*,
                                 const romp_http_filter*, const romp_subscription*,
                                 const romp_config_key*, const romp_note*, romp_task,
                                 romp_plugin_entry_fn, romp_sub_id, romp_timer_id, romp_defer_id,
                                 romp_conn_id, romp_metric_id, romp_list_id,
                                 const romp_destinations*, const romp_sessions*, const romp_admin*);

void romp_every_type(const romp_host* a, const romp_plugin* b, const romp_frame* c,
                     const romp_ctx* d, const romp_http* e, const romp_event* f,
                     const romp_message* g, const romp_error* h, const romp_filter* i,
                     const romp_http_filter* j, const romp_subscription* k,
                     const romp_config_key* l, const romp_note* m, romp_task n,
                     romp_plugin_entry_fn o, romp_sub_id p, romp_timer_id q, romp_defer_id r,
                     romp_conn_id s, romp_metric_id t, romp_list_id u, const romp_destinations* v,
                     const romp_sessions* w, const romp_admin* x) {
  (void)a, (void)b, (void)c, (void)d, (void)e, (void)f, (void)g, (void)h, (void)i, (void)j;
  (void)k, (void)l, (void)m, (void)n, (void)o, (void)p, (void)q, (void)r, (void)s, (void)t;
  (void)u, (void)v, (void)w, (void)x;
}

ROMP_EXPORT void romp_every_client_type(const romp_client*, const romp_client_options*,
                                        const romp_client_status*, const romp_http_later*);

void romp_every_client_type(const romp_client* a, const romp_client_options* b,
                            const romp_client_status* c, const romp_http_later* d) {
  (void)a, (void)b, (void)c, (void)d;
}
