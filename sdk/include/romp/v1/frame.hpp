// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <romp/v1/message.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace romp {
inline namespace v1 {

namespace detail {

/// What a session slot points to, so that one function can delete whatever was put there.
struct slot_base {
  virtual ~slot_base() = default;
  const void* type = nullptr;
};

template <class T>
struct slot_of : slot_base {
  template <class... A>
  explicit slot_of(A&&... args) : value(std::forward<A>(args)...) {
    type = tag();
  }
  /// One address a type, in place of RTTI.
  static const void* tag() noexcept {
    static const char it = 0;
    return &it;
  }
  T value;
};

}  // namespace detail

/// The duty to say how a deferred frame goes on. Move-only; use it from any thread. One that is
/// destroyed without a word rejects the frame, so that no session waits for a forgotten answer.
class deferred {
 public:
  deferred(const romp_host* host, romp_defer_id id, romp_session_id session) noexcept
      : host_(host), id_(id), session_(session) {}
  deferred(deferred&& other) noexcept
      : host_(other.host_), id_(std::exchange(other.id_, 0)), session_(other.session_) {}
  deferred& operator=(deferred&& other) noexcept {
    std::swap(host_, other.host_);
    std::swap(id_, other.id_);
    std::swap(session_, other.session_);
    return *this;
  }
  ~deferred() {
    if (id_ != 0)
      end(ROMP_REJECT, ROMP_STR("internal error"), ROMP_STR("a deferred frame was forgotten"));
  }

  romp_session_id session() const noexcept { return session_; }

  /// In stage::auth: who it is. Resume with `handled` afterwards.
  void authenticate(std::string_view user) {
    detail::check(host_->authenticate(host_, session_, str(user)), "authenticate");
  }

  /// `next` or `handled`. False when it came too late: timed out, or the session has gone.
  bool resume(verdict v) noexcept {
    return host_->resume(host_, std::exchange(id_, 0), static_cast<romp_verdict>(v), nullptr) ==
           ROMP_OK;
  }
  bool resume(const v1::reject& r) noexcept {
    const romp_error e = detail::error_of(r);
    return host_->resume(host_, std::exchange(id_, 0), ROMP_REJECT, &e) == ROMP_OK;
  }

 private:
  void end(romp_verdict v, romp_str reply, romp_str log) noexcept {
    romp_error e{};
    e.size = sizeof e;
    e.reply = reply;
    e.log = log;
    host_->resume(host_, std::exchange(id_, 0), v, &e);
  }

  const romp_host* host_;
  romp_defer_id id_;
  romp_session_id session_;
};

/// The frame in hand: what a filter is called with. Good until the filter returns; to keep the
/// frame, retain() it.
class frame : public frame_view {
 public:
  frame(const romp_host* host, const romp_ctx* ctx, romp_frame* raw) noexcept
      : frame_view(raw), host_(host), ctx_(ctx), mutable_(raw) {}

  romp_session_id session() const noexcept { return ctx_->session; }
  std::string_view user() const noexcept { return view(ctx_->user); }
  std::string_view remote() const noexcept { return view(ctx_->remote); }
  v1::stage stage() const noexcept { return static_cast<v1::stage>(ctx_->stage); }
  std::uint32_t transport() const noexcept { return ctx_->transport; }
  bool authenticated() const noexcept { return flag(ROMP_SESSION_AUTHENTICATED); }
  bool admin() const noexcept { return flag(ROMP_SESSION_ADMIN); }
  bool downstream() const noexcept { return flag(ROMP_SESSION_DOWNSTREAM); }
  /// Steady clock, read once by the host for many frames.
  std::chrono::nanoseconds now() const noexcept { return std::chrono::nanoseconds(ctx_->now_ns); }

  /// Changes: with filter_options::mutates(). They end every view taken before.
  void set(std::string_view name, std::string_view value) {
    detail::check(host_->frame_set_header(host_, mutable_, str(name), str(value)), "set header");
  }
  /// Was there one?
  bool remove(std::string_view name) {
    const romp_status s = host_->frame_remove_header(host_, mutable_, str(name));
    if (s == ROMP_E_NOTFOUND) return false;
    detail::check(s, "remove header");
    return true;
  }
  void set_body(std::string_view bytes) {
    detail::check(host_->frame_set_body(host_, mutable_, str(bytes)), "set body");
  }

  retained retain() const {
    const romp_frame* kept = host_->frame_retain(host_, raw_);
    if (!kept) throw std::bad_alloc();
    return {host_, kept};
  }

  /// Answers the sender: a MESSAGE to its session with the frame's destination, or, when the frame
  /// has a `reply-to`, a message published there; a `correlation-id` is sent back in both cases.
  /// False when the client is gone or slow. A reply-to that cannot be used rejects the frame.
  bool reply(std::string_view body, std::string_view content_type = {});
  bool reply(const outgoing& answer);

  /// Announces that the verdict comes later: return romp::later, and keep the result.
  deferred defer() {
    romp_defer_id id = 0;
    detail::check(host_->defer(host_, ctx_, &id), "defer");
    return {host_, id, ctx_->session};
  }

  /// `return f.reject("too fast");` costs less than throwing, where rejecting is the daily work.
  verdict reject(std::string_view reply, std::string_view log = {}, bool fatal = false) noexcept {
    romp_error e{};
    e.size = sizeof e;
    e.flags = fatal ? ROMP_ERR_FATAL : 0u;
    e.reply = str(reply);
    if (!log.empty()) e.log = str(log);
    return static_cast<verdict>(host_->reject(host_, ctx_, &e));
  }

  /// In stage::auth: who it is. Return `handled` afterwards.
  void authenticate(std::string_view user) {
    detail::check(host_->authenticate(host_, ctx_->session, str(user)), "authenticate");
  }

  /// Text attributes, shared by the plugins; the view is good until the attribute is set.
  std::optional<std::string_view> attr(std::string_view key, scope where = scope::frame) const {
    romp_str out{};
    const romp_status s =
        host_->attr_get(host_, ctx_, static_cast<std::uint32_t>(where), str(key), &out);
    if (s == ROMP_E_NOTFOUND) return std::nullopt;
    detail::check(s, "attr");
    return view(out);
  }
  void set_attr(std::string_view key, std::string_view value, scope where = scope::frame) {
    detail::check(
        host_->attr_set(host_, ctx_, static_cast<std::uint32_t>(where), str(key), str(value)),
        "set_attr");
  }
  void remove_attr(std::string_view key, scope where = scope::frame) {
    detail::check(host_->attr_set(host_, ctx_, static_cast<std::uint32_t>(where), str(key),
                                  romp_str_n(nullptr, 0)),
                  "remove_attr");
  }

  /// The plugin's own T for this session: made with `args` at the first use, deleted when the
  /// session ends. One type a plugin. Frames of one session come one at a time: it needs no lock.
  template <class T, class... A>
  T& slot(A&&... args) {
    auto* base = static_cast<detail::slot_base*>(*ctx_->slot);
    if (!base) {
      auto made = std::make_unique<detail::slot_of<T>>(std::forward<A>(args)...);
      base = made.get();
      *ctx_->slot = static_cast<detail::slot_base*>(made.release());
    }
    if (base->type != detail::slot_of<T>::tag()) {
      throw failure(ROMP_E_INVAL, "slot: the session's slot holds another type");
    }
    return static_cast<detail::slot_of<T>*>(base)->value;
  }

  const romp_host* host() const noexcept { return host_; }
  const romp_ctx* ctx() const noexcept { return ctx_; }
  romp_frame* raw() const noexcept { return mutable_; }

 private:
  bool flag(std::uint32_t bit) const noexcept { return (ctx_->session_flags & bit) != 0; }
  bool answer(romp_message& m);

  const romp_host* host_;
  const romp_ctx* ctx_;
  romp_frame* mutable_;
};

inline bool frame::answer(romp_message& m) {
  const std::string_view target = header("reply-to");
  if (target.empty()) {
    if (!m.destination.data) m.destination = raw_->destination;
    return detail::accepted(host_->session_send(host_, ctx_->session, &m), "reply");
  }
  m.destination = str(target);
  const romp_status s = host_->publish(host_, &m);
  if (s == ROMP_E_NOTFOUND || s == ROMP_E_DENIED || s == ROMP_E_INVAL) {
    throw v1::reject("reply-to cannot be used",
                     std::string("reply-to: ROMP_E_") + detail::name_of(s));
  }
  return detail::accepted(s, "reply");
}

inline bool frame::reply(std::string_view body, std::string_view content_type) {
  romp_header echoed{ROMP_STR("correlation-id"), str(header("correlation-id"))};
  romp_message m{};
  m.size = sizeof m;
  if (has("correlation-id")) {
    m.header_count = 1;
    m.headers = &echoed;
  }
  if (!content_type.empty()) m.content_type = str(content_type);
  m.body = str(body);
  return answer(m);
}

inline bool frame::reply(const outgoing& given) {
  if (!has("correlation-id")) return given.with_raw([this](romp_message& m) { return answer(m); });
  outgoing with_id = given;
  with_id.header("correlation-id", std::string(header("correlation-id")));
  return with_id.with_raw([this](romp_message& m) { return answer(m); });
}

}  // namespace v1
}  // namespace romp
