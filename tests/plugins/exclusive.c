/* SPDX-License-Identifier: Apache-2.0 */
/* There may be one only, from start to stop. Refuses the value "bad"; takes new values unless they
 * begin with "new". */
#include "tiny.h"

static int alive;
static const romp_host* host_;

static romp_status read_value(const romp_config* config) {
  romp_str value;
  host_->config_get(host_, config, "value", &value);
  if (romp_str_eq(value, ROMP_STR("bad"))) {
    return host_->fail(host_, ROMP_E_INVAL, ROMP_STR("a bad value"));
  }
  if (value.len >= 3 && memcmp(value.data, "new", 3) == 0) return ROMP_E_UNSUPPORTED;
  return ROMP_OK;
}

static romp_verdict on_send(void* user, const romp_ctx* ctx, romp_frame* frame) {
  (void)user, (void)ctx, (void)frame;
  return ROMP_HANDLED;
}

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  romp_filter f = tiny(host, "/t/exclusive", on_send);
  romp_status status;
  (void)self;
  host_ = host;
  if (alive) return host->fail(host, ROMP_E_EXISTS, ROMP_STR("there is one already"));
  status = read_value(config);
  return status == ROMP_E_INVAL ? status : host->add_filter(host, &f);
}

static romp_status start(void* self) {
  (void)self;
  alive = 1;
  return ROMP_OK;
}

static romp_status reconfigure(void* self, const romp_config* config) {
  (void)self;
  return read_value(config);
}

static void stop(void* self) {
  (void)self;
  alive = 0;
}

static const romp_config_key keys[] = {{"value", "string", "", "text"}};

ROMP_PLUGIN("exclusive", "1.0.0", .capabilities = ROMP_CAP_FRAMES, .flags = ROMP_PLUGIN_EXCLUSIVE,
            .config_keys = keys, .config_key_count = 1, .create = create, .start = start,
            .reconfigure = reconfigure, .stop = stop);
