// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <romp/v1/fake_lists.hpp>

// Included by romp/fake_host.hpp only: connections to other servers.

namespace romp {

inline fake_client::fake_client(fake_host& host, romp_conn_id id, const romp_client_options& o)
    : address(fake_text(o.address)),
      login(fake_text(o.login)),
      passcode(fake_text(o.passcode)),
      vhost(fake_text(o.vhost)),
      versions(fake_text(o.versions)),
      headers(fake_headers_of(o.headers, o.header_count)),
      options(o),
      host_(host),
      id_(id) {}

inline void fake_client::up(fake_headers connected) {
  if (closed) return;
  state = ROMP_CLIENT_UP;
  ++times_up;
  fake_frame frame(ROMP_CMD_CONNECTED, std::move(connected));
  if (options.on_up) options.on_up(options.user, id_, frame.refresh(false));
  host_.run_tasks();
}

inline void fake_client::frame(const fake_frame& given) {
  if (closed) return;
  ++frames_in;
  fake_frame frame(given);
  if (options.on_frame) options.on_frame(options.user, id_, frame.refresh(false));
  host_.run_tasks();
}

inline void fake_client::answer(const std::string& of, const fake_frame& given) {
  if (closed) return;
  fake_frame frame(given);
  if (options.on_answer) {
    options.on_answer(options.user, id_, {of.data(), of.size()}, frame.refresh(false));
  }
  host_.run_tasks();
}

inline void fake_client::down(romp_status why, const std::string& text) {
  if (closed) return;
  state = ROMP_CLIENT_WAITING;
  ++failures;
  if (options.on_down) options.on_down(options.user, id_, why, {text.data(), text.size()});
  host_.run_tasks();
}

inline void fake_client::end() {
  if (std::exchange(has_ended_, true)) return;
  closed = true;
  if (options.on_closed) options.on_closed(options.user, id_);
}

inline fake_client& fake_host::client(std::size_t number) { return *clients_.at(number); }

inline void fake_host::end_clients(bool all) {
  for (std::size_t i = 0; i < clients_.size(); ++i) {
    if (all || clients_[i]->closed) clients_[i]->end();
  }
}

struct fake_client_table {
  using host_ptr = const romp_host*;

  /// Calls `f` with an open connection, if the plugin may.
  template <class F>
  static romp_status with(host_ptr h, romp_conn_id id, F&& f) {
    fake_host& host = fake_host::self(h);
    if (const romp_status s = host.may_use(ROMP_CAP_NETWORK); s != ROMP_OK) return s;
    const std::lock_guard<std::mutex> lock(host.mutex_);
    for (const auto& client : host.clients_) {
      if (client->id_ == id && !client->closed) return f(host, *client);
    }
    return ROMP_E_GONE;
  }

  static romp_status check(const romp_client_options& o) {
    constexpr std::uint32_t known = ROMP_CLIENT_TLS | ROMP_CLIENT_AS_SESSION |
                                    ROMP_CLIENT_REQUIRED | ROMP_CLIENT_TOKEN |
                                    ROMP_CLIENT_TOKEN_SHA1;
    if (o.size > sizeof o) return ROMP_E_TOOBIG;
    if (o.size < sizeof o || (o.flags & ~known) || o.reserved || o.address.len == 0) {
      return ROMP_E_INVAL;
    }
    const bool token = (o.flags & (ROMP_CLIENT_TOKEN | ROMP_CLIENT_TOKEN_SHA1)) != 0;
    if (token && (o.login.len == 0 || o.passcode.len == 0)) return ROMP_E_INVAL;
    const std::int64_t shortest =
        std::min({o.connect_timeout_ns, o.retry_min_ns, o.retry_max_ns, o.max_age_ns});
    return shortest < 0 ? ROMP_E_INVAL : ROMP_OK;
  }
  static romp_status open(host_ptr h, const romp_client_options* o, romp_conn_id* out) {
    fake_host& host = fake_host::self(h);
    if (const romp_status s = host.may_use(ROMP_CAP_NETWORK); s != ROMP_OK) return s;
    if (!o || !out) return ROMP_E_INVAL;
    if (const romp_status s = check(*o); s != ROMP_OK) return s;
    if ((o->flags & ROMP_CLIENT_AS_SESSION) && !host.may(ROMP_CAP_PUBLISH)) return ROMP_E_INVAL;
    if (host.state_ != fake_host::state::running) return ROMP_E_CANCELLED;
    if (const romp_status s = host.answer("open"); s != ROMP_OK) return s;
    const std::lock_guard<std::mutex> lock(host.mutex_);
    *out = ++host.last_id_;
    host.clients_.push_back(std::make_shared<fake_client>(host, *out, *o));
    return ROMP_OK;
  }
  static romp_status send(host_ptr h, romp_conn_id id, const romp_message* m) {
    return with(h, id, [m](fake_host& host, fake_client& client) -> romp_status {
      const bool natural = m->command == 0;
      if (!natural && (m->command < ROMP_CMD_SEND || m->command > ROMP_CMD_ABORT)) {
        return ROMP_E_INVAL;
      }
      if (client.state != ROMP_CLIENT_UP) return ROMP_E_STATE;
      if (const romp_status s = host.answer("send"); s != ROMP_OK) return s;
      client.sent.emplace_back(0, *m);
      return ROMP_OK;
    });
  }
  static romp_status submit(host_ptr h, romp_conn_id id, romp_str of, const romp_message* m) {
    return with(h, id, [of, m](fake_host& host, fake_client& client) -> romp_status {
      if (!(client.options.flags & ROMP_CLIENT_AS_SESSION)) return ROMP_E_STATE;
      if ((m->command != 0 && m->command != ROMP_CMD_SEND) || m->destination.len == 0) {
        return ROMP_E_INVAL;
      }
      if (const romp_status s = host.answer("submit"); s != ROMP_OK) return s;
      client.submitted.emplace_back(fake_text(of), fake_message(0, *m));
      return ROMP_OK;
    });
  }
  static romp_status hold(host_ptr h, romp_conn_id id, std::int32_t on) {
    return with(h, id, [on](fake_host&, fake_client& client) -> romp_status {
      if (on != 0 && on != 1) return ROMP_E_INVAL;
      client.held = on == 1;
      return ROMP_OK;
    });
  }
  static romp_status restart(host_ptr h, romp_conn_id id, romp_str why) {
    return with(h, id, [why](fake_host& host, fake_client& client) -> romp_status {
      client.restarts.push_back(fake_text(why));
      const auto down = [&client, text = client.restarts.back()] {
        client.down(ROMP_E_GONE, text);
      };
      host.later_.emplace_back(down);
      return ROMP_OK;
    });
  }
  static romp_status close(host_ptr h, romp_conn_id id) {
    return with(h, id, [](fake_host&, fake_client& client) -> romp_status {
      client.closed = true;
      return ROMP_OK;
    });
  }
  static romp_status status(host_ptr h, romp_conn_id id, romp_client_status* out) {
    return with(h, id, [out](fake_host&, fake_client& client) -> romp_status {
      std::set<std::string> sessions;
      for (const auto& [of, message] : client.submitted) sessions.insert(of);
      romp_client_status row{};
      row.size = sizeof row;
      row.state = client.state;
      row.times_up = client.times_up;
      row.failures = client.failures;
      row.frames_in = client.frames_in;
      row.frames_out = client.sent.size();
      row.sessions = sessions.size();
      return fake_fill(out, row);
    });
  }

  static const void* table() {
    static constexpr romp_client all{sizeof all, 0,        &open,  &send,  &submit,
                                     &hold,      &restart, &close, &status};
    return &all;
  }
};

}  // namespace romp
