// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <romp/client.h>
#include <romp/v1/interfaces.hpp>
#include <romp/v1/message.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace romp {
inline namespace v1 {

/// What a connection to another STOMP server is told; as romp_client_options. Zero times are the
/// host's defaults.
struct client_options {
  std::string address;
  std::string login;
  std::string passcode;
  std::optional<std::string> vhost;  ///< nothing: that of the address; empty: none is sent
  std::string versions;
  std::string tls_ca;
  std::string tls_certificate;
  std::string tls_key;
  std::uint32_t flags = 0;  ///< ROMP_CLIENT_
  std::chrono::milliseconds heart_out{10000};
  std::chrono::milliseconds heart_in{10000};
  std::chrono::nanoseconds connect_timeout{0};
  std::chrono::nanoseconds retry_min{0};
  std::chrono::nanoseconds retry_max{0};
  std::chrono::nanoseconds max_age{0};
};

/// Who hears of a connection, on the strand. What they throw is logged.
struct client_handlers {
  std::function<void(const frame_view& connected)> up;
  std::function<void(const frame_view&)> frame;
  std::function<void(std::string_view client, const frame_view&)> answer;
  std::function<void(romp_status why, std::string_view text)> down;
};

/// A connection to another STOMP server, from open() on; wants ROMP_CAP_NETWORK. Keep it as long as
/// the instance lives: the handlers are called until it is closed. Any thread, but for open().
class client {
 public:
  explicit client(const romp_host* host) : host_(host) {}
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  /// Dials, and again whenever the connection is lost. In on_start or later, once. Throws a failure
  /// where the options make no sense; the log says why.
  void open(const client_options& options, client_handlers handlers) {
    handlers_ = std::move(handlers);
    table_ = &detail::interface_of<romp_client>(host_, ROMP_CLIENT_ID);
    romp_client_options raw = raw_of(options);
    detail::check(table_->open(host_, &raw, &id_), "open");
  }

  /// ROMP_OK, or why not; see romp_client.send. SEND unless `command` says something else.
  romp_status send(const outgoing& m, std::uint32_t command = ROMP_CMD_SEND) const {
    return m.with_raw([&](romp_message& raw) {
      raw.command = command;
      return send(raw);
    });
  }
  romp_status send(const romp_message& m) const { return table_->send(host_, id_, &m); }
  /// A SEND on behalf of a client of the other server; see romp_client.submit.
  romp_status submit(std::string_view of, const romp_message& m) const {
    return table_->submit(host_, id_, str(of), &m);
  }
  /// Reads no more from the server, or goes on.
  void hold(bool on) const { table_->hold(host_, id_, on ? 1 : 0); }
  void restart(std::string_view why) const { table_->restart(host_, id_, str(why)); }
  void close() const { table_->close(host_, id_); }
  romp_client_status status() const {
    romp_client_status out{};
    out.size = sizeof out;
    if (table_ != nullptr) table_->status(host_, id_, &out);
    return out;
  }

 private:
  static romp_str given(const std::string& text) {
    return text.empty() ? romp_str_n(nullptr, 0) : str(text);
  }

  romp_client_options raw_of(const client_options& o) {
    romp_client_options raw{};
    raw.size = sizeof raw;
    raw.flags = o.flags;
    raw.address = str(o.address);
    raw.login = given(o.login);
    raw.passcode = given(o.passcode);
    if (o.vhost) raw.vhost = str(*o.vhost);
    raw.versions = given(o.versions);
    raw.tls_ca = given(o.tls_ca);
    raw.tls_certificate = given(o.tls_certificate);
    raw.tls_key = given(o.tls_key);
    raw.heart_out_ms = static_cast<std::uint32_t>(o.heart_out.count());
    raw.heart_in_ms = static_cast<std::uint32_t>(o.heart_in.count());
    raw.connect_timeout_ns = o.connect_timeout.count();
    raw.retry_min_ns = o.retry_min.count();
    raw.retry_max_ns = o.retry_max.count();
    raw.max_age_ns = o.max_age.count();
    raw.on_up = [](void* self, romp_conn_id, const romp_frame* frame) {
      call(self, [&](client& c) {
        if (c.handlers_.up) c.handlers_.up(frame_view(frame));
      });
    };
    raw.on_frame = [](void* self, romp_conn_id, const romp_frame* frame) {
      call(self, [&](client& c) {
        if (c.handlers_.frame) c.handlers_.frame(frame_view(frame));
      });
    };
    raw.on_answer = [](void* self, romp_conn_id, romp_str of, const romp_frame* frame) {
      call(self, [&](client& c) {
        if (c.handlers_.answer) c.handlers_.answer(view(of), frame_view(frame));
      });
    };
    raw.on_down = [](void* self, romp_conn_id, romp_status why, romp_str text) {
      call(self, [&](client& c) {
        if (c.handlers_.down) c.handlers_.down(why, view(text));
      });
    };
    raw.user = this;
    return raw;
  }

  template <class F>
  static void call(void* self, F&& f) noexcept {
    auto& c = *static_cast<client*>(self);
    try {
      f(c);
    } catch (...) {
      detail::log_thrown(c.host_);
    }
  }

  const romp_host* host_;
  const romp_client* table_ = nullptr;
  romp_conn_id id_ = 0;
  client_handlers handlers_;
};

}  // namespace v1
}  // namespace romp
