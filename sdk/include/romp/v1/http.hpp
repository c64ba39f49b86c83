// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <romp/http.h>
#include <romp/v1/frame.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace romp {
inline namespace v1 {

namespace detail {

inline int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// What is not a good escape stays as it is.
inline std::string decoded(std::string_view text, bool plus_is_blank) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                        hex_digit(text[i + 2]) >= 0;
    if (escape) {
      out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += plus_is_blank && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

}  // namespace detail

/// A path with its %XX decoded.
inline std::string decode_path(std::string_view path) { return detail::decoded(path, false); }

/// What can be read of an HTTP request.
class request_view {
 public:
  explicit request_view(const romp_http* raw) noexcept : raw_(raw) {}

  std::string_view method() const noexcept { return view(raw_->method); }
  /// As sent, not decoded.
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
  /// A parameter of the query, decoded: of `a=1&name=Ann%20B` `param("name")` is "Ann B".
  std::optional<std::string> param(std::string_view name) const {
    std::string_view rest = query();
    while (!rest.empty()) {
      const std::string_view pair = rest.substr(0, rest.find('&'));
      const std::string_view key = pair.substr(0, pair.find('='));
      if (key == name) {
        return detail::decoded(pair.substr(key.size() == pair.size() ? key.size() : key.size() + 1),
                               true);
      }
      rest.remove_prefix(pair.size() == rest.size() ? pair.size() : pair.size() + 1);
    }
    return std::nullopt;
  }

  const romp_http* raw() const noexcept { return raw_; }

 protected:
  const romp_http* raw_;
};

/// The duty to answer a deferred request. Move-only; use it from any thread, and read the request
/// until then. One that is destroyed without a word gives 500.
class deferred_request : public request_view {
 public:
  deferred_request(const romp_host* host, const romp_http* raw, romp_defer_id id) noexcept
      : request_view(raw), host_(host), id_(id) {}
  deferred_request(deferred_request&& other) noexcept
      : request_view(other.raw_), host_(other.host_), id_(std::exchange(other.id_, 0)) {}
  deferred_request& operator=(deferred_request&& other) noexcept {
    std::swap(raw_, other.raw_);
    std::swap(host_, other.host_);
    std::swap(id_, other.id_);
    return *this;
  }
  ~deferred_request() {
    if (id_ != 0) end(ROMP_REJECT);
  }

  /// Answers. False when it came too late: timed out, or the client has gone. Throws for mistakes.
  bool reply(std::uint32_t status, const outgoing& answer) {
    return answer.with_raw([&](const romp_message& m) { return send(status, m); });
  }
  bool reply(std::uint32_t status, std::string_view body = {}, std::string_view content_type = {}) {
    romp_message m{};
    m.size = sizeof m;
    m.body = str(body);
    if (!content_type.empty()) m.content_type = str(content_type);
    return send(status, m);
  }
  /// Not mine: the next filter is asked.
  bool next() noexcept { return end(ROMP_CONTINUE); }

 private:
  bool send(std::uint32_t status, const romp_message& m) {
    const romp_verdict v = host_->http_reply(host_, raw_, status, &m);
    if (v == ROMP_E_GONE) return end(ROMP_REJECT);
    detail::check(v, "http_reply");
    return end(ROMP_HANDLED);
  }
  bool end(romp_verdict v) noexcept {
    return host_->resume(host_, std::exchange(id_, 0), v, nullptr) == ROMP_OK;
  }

  const romp_host* host_;
  romp_defer_id id_;
};

/// An HTTP request in hand: what a filter is called with. Good until the filter returns.
class request : public request_view {
 public:
  request(const romp_host* host, const romp_http* raw) noexcept : request_view(raw), host_(host) {}

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

  /// Announces that the answer comes later: return romp::later, and keep the result.
  deferred_request defer() {
    romp_defer_id id = 0;
    const auto* table =
        static_cast<const romp_http_later*>(host_->get_interface(host_, ROMP_HTTP_ID));
    if (!table) throw failure(ROMP_E_UNSUPPORTED, "this host has no " ROMP_HTTP_ID);
    detail::check(table->defer(host_, raw_, &id), "defer");
    return {host_, raw_, id};
  }

 private:
  verdict send(std::uint32_t status, const romp_message& m) {
    const romp_verdict v = host_->http_reply(host_, raw_, status, &m);
    detail::check(v, "http_reply");
    return static_cast<verdict>(v);
  }

  const romp_host* host_;
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
struct http_filter {
  const romp_host* host;
  F fn;

  static romp_verdict call(void* user, const romp_http* raw) noexcept {
    auto* self = static_cast<http_filter*>(user);
    try {
      request r(self->host, raw);
      return verdict_of(self->fn, r);
    } catch (const reject&) {
      log_thrown(self->host);
      return ROMP_REJECT;
    } catch (...) {
      return fail(self->host);
    }
  }
};

}  // namespace detail
}  // namespace v1
}  // namespace romp
