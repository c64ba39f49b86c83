// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <unordered_map>

#include "plugin/deferral_book.hpp"
#include "plugin/http_call.hpp"

namespace romp::plugin {

struct HttpDeferral {
  Instance* owner = nullptr;
  std::shared_ptr<HttpCall> call;
  const HttpFilter* filter = nullptr;
  bool live = true;
};

/// The HTTP requests that plugins have deferred, by ids that no frame has. Any thread.
class HttpDeferrals : public DeferralBook<HttpDeferral> {
 public:
  HttpDeferrals() : DeferralBook(mark) {}

  /// Of a request, and not of a frame?
  static bool is_one(romp_defer_id id) noexcept { return (id & mark) != 0; }

  /// Answers a deferred request. ROMP_E_GONE: nobody waits; ROMP_E_STATE: it has an answer.
  romp_status answer(const Instance& owner, const romp_http* request, HttpReply reply);
  /// Has a deferred request an answer?
  bool is_answered(const Instance& owner, romp_defer_id id) const;

 private:
  static constexpr romp_defer_id mark = romp_defer_id{1} << 63;

  void opened(romp_defer_id id, const HttpDeferral& deferral) override;
  void given_up(const HttpDeferral& /*deferral*/) noexcept override {}
  void closed(const HttpDeferral& deferral) noexcept override;

  std::unordered_map<const romp_http*, romp_defer_id> by_request_;
};

}  // namespace romp::plugin
