// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <romp/v1/frame.hpp>
#include <romp/v1/http.hpp>

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

}  // namespace detail
}  // namespace v1
}  // namespace romp
