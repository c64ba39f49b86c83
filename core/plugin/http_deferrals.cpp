// SPDX-License-Identifier: Apache-2.0
#include "plugin/http_deferrals.hpp"

namespace romp::plugin {

romp_status HttpDeferrals::answer(const Instance& owner, const romp_http* request,
                                  HttpReply reply) {
  const std::lock_guard lock(mutex());
  const auto it = by_request_.find(request);
  if (it == by_request_.end()) return ROMP_E_GONE;
  const auto* deferral = of(owner, it->second);
  if (deferral == nullptr || !deferral->live) return ROMP_E_GONE;
  if (deferral->call->reply) return ROMP_E_STATE;
  deferral->call->reply = std::move(reply);
  return ROMP_OK;
}

bool HttpDeferrals::is_answered(const Instance& owner, romp_defer_id id) const {
  const std::lock_guard lock(mutex());
  const auto* deferral = of(owner, id);
  return deferral != nullptr && deferral->call->reply.has_value();
}

void HttpDeferrals::opened(romp_defer_id id, const HttpDeferral& deferral) {
  by_request_[&deferral.call->view()] = id;
}

void HttpDeferrals::closed(const HttpDeferral& deferral) noexcept {
  by_request_.erase(&deferral.call->view());
}

}  // namespace romp::plugin
