/* SPDX-License-Identifier: Apache-2.0 */
/* Asks in create for what a small host has not; logs what it gets. */
#include "tiny.h"

static void on_event(void* user, const romp_event* event) { (void)user, (void)event; }

static romp_verdict on_request(void* user, const romp_http* request) {
  const romp_host* host = user;
  const romp_message m = {.size = sizeof m, .body = ROMP_STR("hello\n")};
  return host->http_reply(host, request, 200, &m);
}

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  const romp_http_filter f = {.size = sizeof f,
                              .methods = ROMP_HTTP_GET | ROMP_HTTP_HEAD,
                              .name = "hello",
                              .path = "/hello",
                              .on_request = on_request,
                              .user = (void*)host};
  (void)config, (void)self;
  tiny_log(host, "add_http", host->add_http(host, &f));
  tiny_log(host, "add_events", host->add_events(host, ROMP_MASK_ANY, on_event, NULL));
  tiny_log(host, "get_interface", host->get_interface(host, "romp.nothing/1") != NULL);
  return ROMP_OK;
}

ROMP_PLUGIN("unsupported", "1.0.0", .capabilities = ROMP_CAP_HTTP, .create = create);
