/* SPDX-License-Identifier: Apache-2.0 */
/* Appends a line "NAME WHAT" to `file` for every call it gets; many instances may share it. */
#include <stdlib.h>

#include "tiny.h"

struct instance {
  const romp_host* host;
  char file[512];
};

static void note_down(const struct instance* self, const char* what) {
  FILE* out = fopen(self->file, "a");
  if (!out) return;
  fprintf(out, "%s %s\n", self->host->instance, what);
  fclose(out);
}

static void on_tick(void* arg, romp_status status) {
  note_down(arg, status == ROMP_OK ? "timer" : "timer cancelled");
}

static void on_task(void* arg, romp_status status) {
  note_down(arg, status == ROMP_OK ? "task" : "task cancelled");
}

static romp_verdict on_send(void* user, const romp_ctx* ctx, romp_frame* frame) {
  (void)frame;
  note_down(user, *ctx->slot ? "frame" : "first frame");
  *ctx->slot = user;
  return ROMP_HANDLED;
}

static romp_status create(const romp_host* host, const romp_config* config, void** self) {
  struct instance* made = calloc(1, sizeof *made);
  romp_filter f = tiny(host, "/t/lifecycle", on_send);
  romp_str file;
  if (!made) return ROMP_E_NOMEM;
  made->host = host;
  host->config_get(host, config, "file", &file);
  if (file.len < sizeof made->file) memcpy(made->file, file.data, file.len);
  note_down(made, "create");
  f.user = made;
  *self = made;
  return host->add_filter(host, &f);
}

static romp_status start(void* self) {
  const romp_host* host = ((struct instance*)self)->host;
  romp_timer_id timer;
  note_down(self, "start");
  if (host->post(host, on_task, self) != ROMP_OK) return ROMP_E_FAULT;
  return host->timer_start(host, INT64_C(3600000000000), 0, on_tick, self, &timer);
}

static void stop(void* self) { note_down(self, "stop"); }

static void destroy(void* self) {
  note_down(self, "destroy");
  free(self);
}

static void drop_slot(void* self, void* slot) {
  note_down(self, self == slot ? "drop_slot" : "drop_slot of a wrong slot");
}

static const romp_config_key keys[] = {{"file", "string", NULL, "where to write"}};

ROMP_PLUGIN("lifecycle", "1.0.0", .capabilities = ROMP_CAP_FRAMES, .config_keys = keys,
            .config_key_count = 1, .create = create, .start = start, .stop = stop,
            .destroy = destroy, .drop_slot = drop_slot);
