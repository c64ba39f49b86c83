// SPDX-License-Identifier: Apache-2.0
#pragma once

// Included by romp/fake_host.hpp only: the functions about HTTP that a plugin calls.

namespace romp {

struct fake_http_table {
  using host_ptr = const romp_host*;
  using state = fake_host::state;

  static std::string text(romp_str s) {
    return s.data ? std::string(s.data, s.len) : std::string();
  }

  static romp_status add_http(host_ptr h, const romp_http_filter* f) {
    fake_host& host = fake_host::self(h);
    if (host.state_ != state::creating) return ROMP_E_STATE;
    if (f->size > sizeof *f) return ROMP_E_TOOBIG;
    if (f->size < sizeof *f || f->flags || !f->methods || !f->name || !f->path || !f->on_request) {
      return ROMP_E_INVAL;
    }
    if (!host.may(ROMP_CAP_HTTP)) return ROMP_E_DENIED;
    host.http_filters_.push_back({*f, f->name, f->path});
    std::stable_sort(host.http_filters_.begin(), host.http_filters_.end(),
                     [](const auto& a, const auto& b) { return a.raw.priority < b.raw.priority; });
    return ROMP_OK;
  }
  static romp_verdict http_reply(host_ptr h, const romp_http* r, std::uint32_t status,
                                 const romp_message* m) {
    fake_host& host = fake_host::self(h);
    if (status < 200 || status > 599) return ROMP_E_INVAL;
    const std::lock_guard<std::mutex> lock(host.mutex_);
    fake_request* request = host.find_request(r);
    if (!request) return ROMP_E_GONE;
    if (request->answered) return ROMP_E_STATE;
    request->answered = true;
    fake_reply& reply = request->reply;
    reply.status = status;
    if (!m) return ROMP_HANDLED;
    for (std::uint32_t i = 0; i < m->header_count; ++i) {
      reply.headers.emplace_back(text(m->headers[i].name), text(m->headers[i].value));
    }
    reply.content_type = text(m->content_type);
    reply.body = text(m->body);
    return ROMP_HANDLED;
  }
  static romp_status http_defer(host_ptr h, const romp_http* r, romp_defer_id* out) {
    fake_host& host = fake_host::self(h);
    const std::lock_guard<std::mutex> lock(host.mutex_);
    fake_request* request = host.find_request(r);
    if (!request || !out) return ROMP_E_INVAL;
    if (request->deferred || request->answered) return ROMP_E_EXISTS;
    *out = request->deferred = ++host.last_id_;
    return ROMP_OK;
  }
  static const void* get_interface(host_ptr, const char* id) {
    static constexpr romp_http_later later{sizeof(romp_http_later), 0, &http_defer};
    return id && std::string_view(id) == ROMP_HTTP_ID ? &later : nullptr;
  }
};

}  // namespace romp
