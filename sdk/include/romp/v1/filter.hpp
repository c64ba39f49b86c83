// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <romp/v1/frame.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace romp {
inline namespace v1 {

/// How a frame filter wants to be called, besides commands and destination:
/// `romp::at(romp::stage::pre_route).mutates().priority(10)`.
class filter_options {
 public:
  constexpr filter_options() = default;
  constexpr explicit filter_options(v1::stage where) noexcept
      : stage_(static_cast<std::uint32_t>(where)) {}

  /// Low runs first; 0 is the usual one.
  constexpr filter_options& priority(std::int32_t value) noexcept {
    priority_ = value;
    return *this;
  }
  /// For the log, the metrics and the chain page; else "filter-N".
  constexpr filter_options& name(const char* text) noexcept {
    name_ = text;
    return *this;
  }
  /// Only frames that have this header.
  constexpr filter_options& header(const char* text) noexcept {
    header_ = text;
    return *this;
  }
  /// It calls set, remove or set_body.
  constexpr filter_options& mutates() noexcept { return flag(ROMP_FILTER_MUTATES); }
  /// It calls defer.
  constexpr filter_options& may_defer() noexcept { return flag(ROMP_FILTER_MAY_DEFER); }
  /// When it fails the frame continues, instead of being rejected.
  constexpr filter_options& fail_open() noexcept { return flag(ROMP_FILTER_FAIL_OPEN); }
  /// Call it when the whole body is there. This is the default.
  constexpr filter_options& need_body() noexcept { return flag(ROMP_FILTER_NEED_BODY); }
  /// Call it as soon as the headers are there: it can refuse a large frame before it is read.
  constexpr filter_options& early() noexcept {
    flags_ &= ~ROMP_FILTER_NEED_BODY;
    return *this;
  }

  /// The C form, with what is set here.
  romp_filter raw() const noexcept {
    romp_filter f{};
    f.size = sizeof f;
    f.flags = flags_;
    f.stage = stage_;
    f.priority = priority_;
    f.name = name_;
    f.header = header_;
    return f;
  }

 private:
  constexpr filter_options& flag(std::uint32_t bit) noexcept {
    flags_ |= bit;
    return *this;
  }

  std::uint32_t stage_ = ROMP_STAGE_FRAME;
  std::uint32_t flags_ = ROMP_FILTER_NEED_BODY;
  std::int32_t priority_ = 0;
  const char* name_ = nullptr;
  const char* header_ = nullptr;
};

constexpr filter_options at(stage where) noexcept { return filter_options(where); }

/// An HTTP request. Good until the filter returns.
class request {
 public:
  request(const romp_host* host, const romp_http* raw) noexcept : host_(host), raw_(raw) {}

  std::string_view method() const noexcept { return view(raw_->method); }
  std::string_view path() const noexcept { return view(raw_->path); }
  std::string_view query() const noexcept { return view(raw_->query); }
  std::string_view body() const noexcept { return view(raw_->body); }
  std::string_view remote() const noexcept { return view(raw_->remote); }
  v1::headers headers() const noexcept { return {raw_->headers, raw_->header_count}; }
  /// Names are in lower case.
  std::string_view header(std::string_view name) const noexcept {
    for (const v1::header h : headers()) {
      if (h.name == name) return h.value;
    }
    return {};
  }

  /// `return r.reply(200, "hello");`
  verdict reply(std::uint32_t status, const outgoing& answer) {
    return answer.with_raw([&](const romp_message& m) { return send(status, m); });
  }
  verdict reply(std::uint32_t status, std::string_view body = {},
                std::string_view content_type = {}) {
    romp_message m{};
    m.size = sizeof m;
    m.body = str(body);
    if (!content_type.empty()) m.content_type = str(content_type);
    return send(status, m);
  }

  const romp_http* raw() const noexcept { return raw_; }

 private:
  verdict send(std::uint32_t status, const romp_message& m) {
    const romp_verdict v = host_->http_reply(host_, raw_, status, &m);
    detail::check(v, "http_reply");
    return static_cast<verdict>(v);
  }

  const romp_host* host_;
  const romp_http* raw_;
};

/// Something happened; which fields are set depends on the type, see ROMP_EV_ in plugin.h.
struct event {
  std::uint32_t type;
  romp_session_id session;
  std::string_view user;
  std::string_view destination;
  std::string_view reason;
  std::int64_t value;
};

namespace detail {

/// Runs what a filter runs, and turns what it returns or throws into a C verdict.
template <class F, class Arg>
romp_verdict verdict_of(F& fn, Arg& arg) {
  using result = std::invoke_result_t<F&, Arg&>;
  if constexpr (std::is_void_v<result>) {
    fn(arg);
    return ROMP_CONTINUE;
  } else {
    static_assert(std::is_same_v<result, verdict>, "a filter returns romp::verdict, or nothing");
    return static_cast<romp_verdict>(fn(arg));
  }
}

template <class F>
struct frame_filter {
  const romp_host* host;
  F fn;

  static romp_verdict call(void* user, const romp_ctx* ctx, romp_frame* raw) noexcept {
    auto* self = static_cast<frame_filter*>(user);
    try {
      frame f(self->host, ctx, raw);
      return verdict_of(self->fn, f);
    } catch (const reject& r) {
      const romp_error e = error_of(r);
      return self->host->reject(self->host, ctx, &e);
    } catch (...) {
      return fail(self->host);
    }
  }
};

template <class F>
struct http_filter {
  const romp_host* host;
  F fn;

  static romp_verdict call(void* user, const romp_http* raw) noexcept {
    auto* self = static_cast<http_filter*>(user);
    try {
      request r(self->host, raw);
      return verdict_of(self->fn, r);
    } catch (...) {
      return fail(self->host);
    }
  }
};

}  // namespace detail
}  // namespace v1
}  // namespace romp
