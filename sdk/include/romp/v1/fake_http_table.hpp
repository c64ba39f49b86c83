// SPDX-License-Identifier: Apache-2.0
#pragma once

// Included by romp/fake_host.hpp only: HTTP, the requests and what a plugin calls.

namespace romp {

struct fake_http_table {
  using host_ptr = const romp_host*;
  using state = fake_host::state;

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
      reply.headers.emplace_back(fake_text(m->headers[i].name), fake_text(m->headers[i].value));
    }
    reply.content_type = fake_text(m->content_type);
    reply.body = fake_text(m->body);
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
  static const void* later() {
    static constexpr romp_http_later table{sizeof(romp_http_later), 0, &http_defer};
    return &table;
  }
};

inline bool fake_host::matches(const http_filter& f, const fake_request& request) {
  if (!(f.raw.methods & request.method_bit())) return false;
  if (f.path.empty() || f.path.back() != '*') return request.path() == f.path;
  return request.path().substr(0, f.path.size() - 1) == f.path.substr(0, f.path.size() - 1);
}

inline fake_request* fake_host::find_request(const romp_http* raw) {
  for (const auto& request : requests_) {
    if (request->raw() == raw) return request.get();
  }
  return nullptr;
}

inline romp_verdict fake_host::ask(const http_filter& f, fake_request& request) {
  romp_verdict v = f.raw.on_request(f.raw.user, request.raw());
  if (v == ROMP_DEFER) {
    run_tasks();
    v = request.deferred == 0 ? ROMP_E_FAULT : request.resumed;
  }
  return v == ROMP_HANDLED && !request.answered ? ROMP_E_FAULT : v;
}

inline fake_reply fake_host::http(std::string method, std::string_view target, fake_headers headers,
                                  std::string body) {
  const auto request = std::make_shared<fake_request>(std::move(method), target, std::move(headers),
                                                      std::move(body));
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    requests_.push_back(request);
  }
  romp_verdict v = ROMP_CONTINUE;
  for (const http_filter& f : http_filters_) {
    if (matches(f, *request)) v = ask(f, *request);
    if (v != ROMP_CONTINUE) break;
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  if (v != ROMP_DEFER) requests_.erase(std::find(requests_.begin(), requests_.end(), request));
  fake_reply reply = v == ROMP_HANDLED ? request->reply : fake_reply();
  reply.verdict = v;
  return reply;
}

}  // namespace romp
