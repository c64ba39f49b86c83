// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <romp/http.h>
#include <romp/plugin.h>
#include <romp/v1/fake_frame.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace romp {

/// What a browser gets from a plugin.
struct fake_reply {
  /// CONTINUE: no filter answered. DEFER: it was not resumed.
  romp_verdict verdict = ROMP_CONTINUE;
  std::uint32_t status = 0;
  fake_headers headers;
  std::string content_type;
  std::string body;

  /// The first header of that name; empty when there is none.
  std::string header(std::string_view name) const {
    for (const auto& h : headers) {
      if (h.first == name) return h.second;
    }
    return {};
  }
};

/// A request, with the memory that romp_http points to.
class fake_request {
 public:
  /// `target` is path and query. Names of headers are to be in lower case.
  fake_request(std::string method, std::string_view target, fake_headers headers, std::string body)
      : method_(std::move(method)),
        path_(target.substr(0, target.find('?'))),
        query_(target.substr(path_.size() == target.size() ? path_.size() : path_.size() + 1)),
        headers_(std::move(headers)),
        body_(std::move(body)) {
    for (const auto& h : headers_) {
      views_.push_back({{h.first.data(), h.first.size()}, {h.second.data(), h.second.size()}});
    }
    raw_.size = sizeof raw_;
    raw_.header_count = static_cast<std::uint32_t>(views_.size());
    raw_.headers = views_.data();
    raw_.method = {method_.data(), method_.size()};
    raw_.path = {path_.data(), path_.size()};
    if (path_.size() != target.size()) raw_.query = {query_.data(), query_.size()};
    raw_.remote = {remote_.data(), remote_.size()};
    raw_.body = {body_.data(), body_.size()};
  }
  fake_request(const fake_request&) = delete;
  fake_request& operator=(const fake_request&) = delete;

  const romp_http* raw() const noexcept { return &raw_; }
  std::string_view path() const noexcept { return path_; }
  /// ROMP_HTTP_
  std::uint32_t method_bit() const noexcept {
    const char* const words[] = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"};
    for (std::uint32_t i = 0; i < 6; ++i) {
      if (method_ == words[i]) return 1u << i;
    }
    return 0;
  }

  fake_reply reply;
  bool answered = false;
  romp_defer_id deferred = 0;
  romp_verdict resumed = ROMP_DEFER;

 private:
  std::string method_, path_, query_;
  std::string remote_ = "192.0.2.1:5000";
  fake_headers headers_;
  std::string body_;
  std::vector<romp_header> views_;
  romp_http raw_{};
};

}  // namespace romp
