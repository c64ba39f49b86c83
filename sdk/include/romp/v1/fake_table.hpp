// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <romp/v1/fake_admin.hpp>

// Included by romp/fake_host.hpp only: the functions that a plugin calls.

namespace romp {

struct fake_table {
  using host_ptr = const romp_host*;
  using state = fake_host::state;

  static std::string text(romp_str s) { return fake_text(s); }

  static const void* get_interface(host_ptr h, const char* id) {
    return id ? fake_host::self(h).interface_of(id) : nullptr;
  }

  static void log(host_ptr h, std::uint32_t, romp_str line) {
    fake_host& host = fake_host::self(h);
    const std::lock_guard<std::mutex> lock(host.mutex_);
    host.log.push_back(text(line));
  }
  static std::int32_t log_enabled(host_ptr, std::uint32_t) { return 1; }
  static romp_status fail(host_ptr h, romp_status status, romp_str reason) {
    fake_host::call* c = fake_host::current();
    (c ? c->result->log : fake_host::self(h).why) = text(reason);
    return status;
  }

  static romp_status config_get(host_ptr, const romp_config* config, const char* key,
                                romp_str* out) {
    const std::string* value = reinterpret_cast<const fake_config*>(config)->text(key);
    if (!value) return ROMP_E_NOTFOUND;
    *out = {value->data(), value->size()};
    return ROMP_OK;
  }
  static romp_status config_int(host_ptr, const romp_config* config, const char* key,
                                std::int64_t* out) {
    return reinterpret_cast<const fake_config*>(config)->number(key, *out);
  }
  static romp_status config_at(host_ptr, const romp_config* config, std::uint32_t index,
                               romp_str* key, romp_str* value) {
    const auto& all = reinterpret_cast<const fake_config*>(config)->all();
    if (index >= all.size()) return ROMP_E_NOTFOUND;
    *key = {all[index].first.data(), all[index].first.size()};
    *value = {all[index].second.data(), all[index].second.size()};
    return ROMP_OK;
  }

  static romp_status add_filter(host_ptr h, const romp_filter* f) {
    fake_host& host = fake_host::self(h);
    if (host.state_ != state::creating) return ROMP_E_STATE;
    constexpr std::uint32_t known =
        ROMP_FILTER_NEED_BODY | ROMP_FILTER_MUTATES | ROMP_FILTER_MAY_DEFER | ROMP_FILTER_FAIL_OPEN;
    if (f->size > sizeof *f) return ROMP_E_TOOBIG;
    if (f->size < sizeof *f || (f->flags & ~known) || f->stage > ROMP_STAGE_UNHANDLED ||
        !f->commands || !f->name || !f->on_frame) {
      return ROMP_E_INVAL;
    }
    if (!host.may(ROMP_CAP_FRAMES)) return ROMP_E_DENIED;
    if ((f->flags & ROMP_FILTER_MUTATES) && !host.may(ROMP_CAP_MUTATE)) return ROMP_E_DENIED;
    if (f->stage == ROMP_STAGE_AUTH && !host.may(ROMP_CAP_AUTH)) return ROMP_E_DENIED;
    for (const auto& other : host.filters_) {
      if (other.name == f->name) return ROMP_E_EXISTS;
    }
    const auto copy = [](const char* s) { return std::string(s ? s : ""); };
    host.filters_.push_back({*f, f->name, copy(f->destination), copy(f->header), {}});
    std::stable_sort(host.filters_.begin(), host.filters_.end(),
                     [](const auto& a, const auto& b) { return a.raw.priority < b.raw.priority; });
    return ROMP_OK;
  }
  static romp_status add_events(host_ptr h, std::uint64_t mask,
                                void (*on_event)(void*, const romp_event*), void* user) {
    fake_host& host = fake_host::self(h);
    if (host.state_ != state::creating) return ROMP_E_STATE;
    if (mask == 0 || !on_event) return ROMP_E_INVAL;
    if (host.on_event_) return ROMP_E_EXISTS;
    host.events_ = mask;
    host.on_event_ = on_event;
    host.event_user_ = user;
    return ROMP_OK;
  }
  static romp_status metric_define(host_ptr h, std::uint32_t kind, const char* name, const char*,
                                   romp_metric_id* out) {
    fake_host& host = fake_host::self(h);
    if (host.state_ != state::creating) return ROMP_E_STATE;
    if (kind > ROMP_METRIC_HISTOGRAM) return ROMP_E_UNSUPPORTED;
    if (!host.metrics.emplace(name, 0.0).second) return ROMP_E_EXISTS;
    host.metric_names_.push_back(name);
    *out = static_cast<romp_metric_id>(host.metric_names_.size());
    return ROMP_OK;
  }

  /// Changes are for the running filter that said it mutates, or for a frame that is deferred.
  static bool may_change(const romp_frame* frame) {
    const fake_host::call* c = fake_host::current();
    if (!c || c->result->frame->raw() != frame) return true;
    return (c->running->raw.flags & ROMP_FILTER_MUTATES) != 0;
  }
  static void refresh(fake_host& host, romp_frame* frame) {
    fake_frame::of(frame)->refresh(host.may(ROMP_CAP_CREDENTIALS));
  }
  static romp_status frame_set_header(host_ptr h, romp_frame* f, romp_str name, romp_str value) {
    if (!may_change(f)) return ROMP_E_DENIED;
    if (name.len == 0 || text(name) == "content-length") return ROMP_E_INVAL;
    const std::string copy = text(value);  // it may be a view into the frame
    fake_frame::of(f)->set(text(name), copy);
    refresh(fake_host::self(h), f);
    return ROMP_OK;
  }
  static romp_status frame_remove_header(host_ptr h, romp_frame* f, romp_str name) {
    if (!may_change(f)) return ROMP_E_DENIED;
    if (!fake_frame::of(f)->remove(text(name))) return ROMP_E_NOTFOUND;
    refresh(fake_host::self(h), f);
    return ROMP_OK;
  }
  static romp_status frame_set_body(host_ptr h, romp_frame* f, romp_str body) {
    if (!may_change(f)) return ROMP_E_DENIED;
    if (f->flags & ROMP_FRAME_BODY_PENDING) return ROMP_E_STATE;
    fake_frame::of(f)->body = text(body);
    refresh(fake_host::self(h), f);
    return ROMP_OK;
  }
  static const romp_frame* frame_retain(host_ptr h, const romp_frame* f) {
    fake_host& host = fake_host::self(h);
    const std::lock_guard<std::mutex> lock(host.mutex_);
    ++host.retained;
    fake_frame* frame = fake_frame::of(f);
    if (frame->references == 0) {
      frame = new fake_frame(*frame);
      frame->refresh(host.may(ROMP_CAP_CREDENTIALS));
    }
    ++frame->references;
    return frame->raw();
  }
  static void frame_release(host_ptr h, const romp_frame* f) {
    if (!f) return;
    fake_host& host = fake_host::self(h);
    const std::lock_guard<std::mutex> lock(host.mutex_);
    --host.retained;
    fake_frame* frame = fake_frame::of(f);
    if (--frame->references == 0) delete frame;
  }

  static void describe(fake_result& result, const romp_error* e) {
    if (!e) return;
    result.reply = text(e->reply);
    result.log = e->log.data ? text(e->log) : result.reply;
    result.fatal = (e->flags & ROMP_ERR_FATAL) != 0;
  }
  static romp_verdict reject(host_ptr, const romp_ctx* ctx, const romp_error* e) {
    describe(*static_cast<fake_host::call*>(ctx->impl)->result, e);
    return ROMP_REJECT;
  }
  static romp_status defer(host_ptr h, const romp_ctx* ctx, romp_defer_id* out) {
    fake_host& host = fake_host::self(h);
    auto* c = static_cast<fake_host::call*>(ctx->impl);
    if (!(c->running->raw.flags & ROMP_FILTER_MAY_DEFER)) return ROMP_E_DENIED;
    const std::lock_guard<std::mutex> lock(host.mutex_);
    *out = c->result->deferred = ++host.last_id_;
    host.deferrals_[*out] = c->result->frame;
    return ROMP_OK;
  }
  static romp_status resume(host_ptr h, romp_defer_id id, romp_verdict v, const romp_error* e) {
    fake_host& host = fake_host::self(h);
    if (v < ROMP_CONTINUE || v > ROMP_REJECT) return ROMP_E_INVAL;
    const std::lock_guard<std::mutex> lock(host.mutex_);
    for (const auto& request : host.requests_) {
      if (request->deferred != id || request->resumed != ROMP_DEFER) continue;
      request->resumed = v;
      return ROMP_OK;
    }
    const auto at = host.deferrals_.find(id);
    if (at == host.deferrals_.end()) return ROMP_E_GONE;
    fake_result result;
    result.verdict = v;
    result.deferred = id;
    result.frame = at->second;
    describe(result, e);
    host.deferrals_.erase(at);
    host.resumed.push_back(std::move(result));
    return ROMP_OK;
  }

  static romp_status authenticate(host_ptr h, romp_session_id id, romp_str user) {
    fake_host& host = fake_host::self(h);
    if (!host.may(ROMP_CAP_AUTH)) return ROMP_E_DENIED;
    const std::lock_guard<std::mutex> lock(host.mutex_);
    const auto at = host.sessions_.find(id);
    if (at == host.sessions_.end()) return ROMP_E_GONE;
    at->second.user = text(user);
    at->second.flags |= ROMP_SESSION_AUTHENTICATED;
    return ROMP_OK;
  }
  static romp_status session_send(host_ptr h, romp_session_id id, const romp_message* m) {
    fake_host& host = fake_host::self(h);
    if (const romp_status s = host.answer("session_send"); s != ROMP_OK) return s;
    const std::lock_guard<std::mutex> lock(host.mutex_);
    if (host.sessions_.count(id) == 0) return ROMP_E_GONE;
    host.sent.emplace_back(id, *m);
    return ROMP_OK;
  }
  static romp_status session_close(host_ptr h, romp_session_id id, std::uint32_t, romp_str) {
    fake_host& host = fake_host::self(h);
    const std::lock_guard<std::mutex> lock(host.mutex_);
    if (host.sessions_.count(id) == 0) return ROMP_E_GONE;
    host.closed.push_back(id);
    return ROMP_OK;
  }
  static auto& attributes(const romp_ctx* ctx, std::uint32_t scope) {
    auto* c = static_cast<fake_host::call*>(ctx->impl);
    return scope == ROMP_SCOPE_SESSION ? c->peer->attributes : c->attributes;
  }
  static romp_status attr_get(host_ptr, const romp_ctx* ctx, std::uint32_t scope, romp_str key,
                              romp_str* out) {
    const auto& all = attributes(ctx, scope);
    const auto at = all.find(text(key));
    if (at == all.end()) return ROMP_E_NOTFOUND;
    *out = {at->second.data(), at->second.size()};
    return ROMP_OK;
  }
  static romp_status attr_set(host_ptr, const romp_ctx* ctx, std::uint32_t scope, romp_str key,
                              romp_str value) {
    auto& all = attributes(ctx, scope);
    if (value.data) {
      all[text(key)] = text(value);
    } else {
      all.erase(text(key));
    }
    return ROMP_OK;
  }

  static romp_status publish(host_ptr h, const romp_message* m) {
    fake_host& host = fake_host::self(h);
    if (const romp_status s = host.answer("publish"); s != ROMP_OK) return s;
    if (!host.may(ROMP_CAP_PUBLISH)) return ROMP_E_DENIED;
    if (host.state_ == state::creating) return ROMP_E_STATE;
    if (m->destination.len == 0) return ROMP_E_INVAL;
    const std::lock_guard<std::mutex> lock(host.mutex_);
    host.published.emplace_back(0, *m);
    return ROMP_OK;
  }
  static romp_status subscribe(host_ptr h, const romp_subscription* given, romp_sub_id* out) {
    fake_host& host = fake_host::self(h);
    if (!host.may(ROMP_CAP_SUBSCRIBE)) return ROMP_E_DENIED;
    if (host.state_ == state::creating) return ROMP_E_STATE;
    if (host.state_ != state::running) return ROMP_E_CANCELLED;
    if (given->size > sizeof *given) return ROMP_E_TOOBIG;
    if (given->size < sizeof *given || given->flags || given->ack > ROMP_ACK_CLIENT_INDIVIDUAL ||
        given->destination.len == 0 || !given->on_message) {
      return ROMP_E_INVAL;
    }
    const std::lock_guard<std::mutex> lock(host.mutex_);
    *out = ++host.last_id_;
    host.subscriptions_[*out] = {*given, text(given->destination), false};
    return ROMP_OK;
  }
  static romp_status unsubscribe(host_ptr h, romp_sub_id id) {
    fake_host& host = fake_host::self(h);
    const std::lock_guard<std::mutex> lock(host.mutex_);
    const auto at = host.subscriptions_.find(id);
    if (at == host.subscriptions_.end() || at->second.closing) return ROMP_E_GONE;
    at->second.closing = true;
    return ROMP_OK;
  }
  static romp_status ack(host_ptr h, romp_sub_id id, std::uint64_t token, std::int32_t positive) {
    fake_host& host = fake_host::self(h);
    const std::lock_guard<std::mutex> lock(host.mutex_);
    const auto sub = host.subscriptions_.find(id);
    if (sub == host.subscriptions_.end()) return ROMP_E_GONE;
    if (sub->second.raw.ack == ROMP_ACK_AUTO) return ROMP_E_STATE;
    const auto at = host.unsettled_.find(token);
    if (at == host.unsettled_.end() || at->second != id) return ROMP_E_NOTFOUND;
    host.unsettled_.erase(at);
    host.settled[token] = positive == 1;
    return ROMP_OK;
  }

  static romp_status post(host_ptr h, romp_task task, void* arg) {
    fake_host& host = fake_host::self(h);
    if (const romp_status s = host.answer("post"); s != ROMP_OK) return s;
    if (host.state_ == state::creating) return ROMP_E_STATE;
    if (host.state_ != state::running) return ROMP_E_CANCELLED;
    const std::lock_guard<std::mutex> lock(host.mutex_);
    host.tasks_.push_back({task, arg, ROMP_OK});
    return ROMP_OK;
  }
  static romp_status timer_start(host_ptr h, std::int64_t after, std::int64_t every, romp_task task,
                                 void* arg, romp_timer_id* out) {
    fake_host& host = fake_host::self(h);
    if (after < 0 || every < 0) return ROMP_E_INVAL;
    if (host.state_ == state::creating) return ROMP_E_STATE;
    if (host.state_ != state::running) return ROMP_E_CANCELLED;
    const std::lock_guard<std::mutex> lock(host.mutex_);
    *out = ++host.last_id_;
    host.timers_[*out] = {host.now_ns + after, every, task, arg};
    return ROMP_OK;
  }
  static romp_status timer_stop(host_ptr h, romp_timer_id id) {
    fake_host& host = fake_host::self(h);
    const std::lock_guard<std::mutex> lock(host.mutex_);
    const auto at = host.timers_.find(id);
    if (at == host.timers_.end()) return ROMP_E_GONE;
    host.tasks_.push_back({at->second.task, at->second.arg, ROMP_E_CANCELLED});
    host.timers_.erase(at);
    return ROMP_OK;
  }

  static void metric_add(host_ptr h, romp_metric_id id, double value) {
    fake_host& host = fake_host::self(h);
    const std::lock_guard<std::mutex> lock(host.mutex_);
    if (id > 0 && id <= host.metric_names_.size())
      host.metrics[host.metric_names_[id - 1]] += value;
  }
  static void metric_set(host_ptr h, romp_metric_id id, double value) {
    fake_host& host = fake_host::self(h);
    const std::lock_guard<std::mutex> lock(host.mutex_);
    if (id > 0 && id <= host.metric_names_.size()) host.metrics[host.metric_names_[id - 1]] = value;
  }

  static void fill(romp_host& t, fake_host* host) {
    t.size = sizeof t;
    t.abi = ROMP_ABI(ROMP_ABI_MAJOR, ROMP_ABI_MINOR);
    t.impl = host;
    t.version = "romp/fake";
    t.instance = "fake";
    t.get_interface = &get_interface;
    t.log = &log;
    t.log_enabled = &log_enabled;
    t.fail = &fail;
    t.config_get = &config_get;
    t.config_int = &config_int;
    t.config_at = &config_at;
    t.add_filter = &add_filter;
    t.add_http = &fake_http_table::add_http;
    t.add_events = &add_events;
    t.metric_define = &metric_define;
    t.frame_set_header = &frame_set_header;
    t.frame_remove_header = &frame_remove_header;
    t.frame_set_body = &frame_set_body;
    t.frame_retain = &frame_retain;
    t.frame_release = &frame_release;
    t.reject = &reject;
    t.defer = &defer;
    t.resume = &resume;
    t.http_reply = &fake_http_table::http_reply;
    t.authenticate = &authenticate;
    t.session_send = &session_send;
    t.session_close = &session_close;
    t.attr_get = &attr_get;
    t.attr_set = &attr_set;
    t.publish = &publish;
    t.subscribe = &subscribe;
    t.unsubscribe = &unsubscribe;
    t.ack = &ack;
    t.post = &post;
    t.post_worker = &post;
    t.timer_start = &timer_start;
    t.timer_stop = &timer_stop;
    t.metric_add = &metric_add;
    t.metric_set = &metric_set;
  }
};

}  // namespace romp
