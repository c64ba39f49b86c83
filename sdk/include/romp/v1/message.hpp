// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <romp/v1/values.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace romp {
inline namespace v1 {

/// What any frame can be asked for. The views are good as long as the frame is and does not change.
class frame_view {
 public:
  explicit frame_view(const romp_frame* raw) noexcept : raw_(raw) {}

  std::uint32_t command() const noexcept { return raw_->command; }
  bool is(commands set) const noexcept { return (set.mask & ROMP_MASK(raw_->command)) != 0; }
  std::string_view verb() const noexcept { return view(raw_->verb); }
  std::string_view destination() const noexcept { return view(raw_->destination); }
  std::string_view body() const noexcept { return view(raw_->body); }
  /// Bytes of the body, also of one that is not read yet.
  std::uint64_t body_size() const noexcept { return raw_->body_size; }
  /// Only in filters with filter_options::early().
  bool body_pending() const noexcept { return (raw_->flags & ROMP_FRAME_BODY_PENDING) != 0; }

  /// The value of the first header of that name; empty when there is none.
  std::string_view header(std::string_view name) const noexcept {
    return view(romp_frame_header(raw_, str(name)));
  }
  bool has(std::string_view name) const noexcept {
    return romp_frame_header(raw_, str(name)).data != nullptr;
  }
  v1::headers headers() const noexcept { return {raw_->headers, raw_->header_count}; }

  const romp_frame* raw() const noexcept { return raw_; }

 protected:
  const romp_frame* raw_;
};

/// An immutable frame that is kept beyond its filter. May be used and released on any thread.
class retained : public frame_view {
 public:
  retained(const romp_host* host, const romp_frame* owned) noexcept
      : frame_view(owned), host_(host) {}
  retained(retained&& other) noexcept
      : frame_view(std::exchange(other.raw_, nullptr)), host_(other.host_) {}
  retained& operator=(retained&& other) noexcept {
    std::swap(raw_, other.raw_);
    std::swap(host_, other.host_);
    return *this;
  }
  ~retained() {
    if (raw_) host_->frame_release(host_, raw_);
  }

 private:
  const romp_host* host_;
};

/// A message to be sent, published or answered with. Owns its texts; used for one call or many.
class outgoing {
 public:
  outgoing() = default;
  explicit outgoing(std::string destination) : destination_(std::move(destination)) {}

  outgoing& to(std::string destination) {
    destination_ = std::move(destination);
    return *this;
  }
  outgoing& body(std::string bytes) {
    body_ = std::move(bytes);
    return *this;
  }
  /// Sends the body of a kept frame, without copying it. The frame must outlive the sending.
  outgoing& share(const retained& kept) noexcept {
    share_ = kept.raw();
    return *this;
  }
  outgoing& content_type(std::string type) {
    content_type_ = std::move(type);
    return *this;
  }
  outgoing& header(std::string name, std::string value) {
    headers_.emplace_back(std::move(name), std::move(value));
    return *this;
  }

  bool has_destination() const noexcept { return !destination_.empty(); }

  /// Hands the message in the C form to `f`, for the length of the call.
  template <class F>
  decltype(auto) with_raw(F&& f) const {
    std::vector<romp_header> list;
    list.reserve(headers_.size());
    for (const auto& [name, value] : headers_) list.push_back({str(name), str(value)});
    romp_message m{};
    m.size = sizeof m;
    m.header_count = static_cast<std::uint32_t>(list.size());
    m.headers = list.data();
    if (!destination_.empty()) m.destination = str(destination_);
    if (!content_type_.empty()) m.content_type = str(content_type_);
    m.body = str(body_);
    m.share = share_;
    return std::forward<F>(f)(m);
  }

 private:
  std::string destination_;
  std::string content_type_;
  std::string body_;
  std::vector<std::pair<std::string, std::string>> headers_;
  const romp_frame* share_ = nullptr;
};

}  // namespace v1
}  // namespace romp
