// SPDX-License-Identifier: Apache-2.0
#include "plugin/http_deferrals.hpp"

namespace romp::plugin {

romp_status HttpDeferrals::open(Instance& owner, std::shared_ptr<HttpCall> call,
                                romp_defer_id& id) {
  const std::lock_guard lock(mutex_);
  auto& count = of_instance_[&owner];
  if (count >= most_of_one_instance) return ROMP_E_AGAIN;
  ++count;
  id = ++last_ | mark;
  by_request_[&call->view()] = id;
  const HttpFilter* const filter = call->filter;
  open_.emplace(id, Deferral{&owner, std::move(call), filter, true});
  return ROMP_OK;
}

std::optional<HttpDeferrals::Deferral> HttpDeferrals::take(const Instance& owner,
                                                           romp_defer_id id) {
  const std::lock_guard lock(mutex_);
  const auto it = open_.find(id);
  if (it == open_.end() || it->second.owner != &owner) return std::nullopt;
  auto taken = erase(id);
  if (!taken->live) return std::nullopt;
  return taken;
}

void HttpDeferrals::cancel(romp_defer_id id) noexcept {
  const std::lock_guard lock(mutex_);
  erase(id);
}

const HttpFilter* HttpDeferrals::give_up(romp_defer_id id) noexcept {
  const std::lock_guard lock(mutex_);
  const auto it = open_.find(id);
  if (it == open_.end() || !it->second.live) return nullptr;
  it->second.live = false;
  return it->second.filter;
}

std::vector<std::pair<romp_defer_id, HttpDeferrals::Deferral>> HttpDeferrals::take_all(
    const Instance& owner) {
  const std::lock_guard lock(mutex_);
  std::vector<romp_defer_id> ids;
  for (const auto& [id, deferral] : open_) {
    if (deferral.owner == &owner) ids.push_back(id);
  }
  std::vector<std::pair<romp_defer_id, Deferral>> taken;
  for (const auto id : ids) {
    auto deferral = erase(id);
    if (deferral->live) taken.emplace_back(id, std::move(*deferral));
  }
  return taken;
}

std::size_t HttpDeferrals::waiting_for(const Instance& owner) const {
  const std::lock_guard lock(mutex_);
  std::size_t count = 0;
  for (const auto& [id, deferral] : open_) {
    if (deferral.owner == &owner && deferral.live) ++count;
  }
  return count;
}

romp_status HttpDeferrals::answer(const Instance& owner, const romp_http* request,
                                  HttpReply reply) {
  const std::lock_guard lock(mutex_);
  const auto it = by_request_.find(request);
  if (it == by_request_.end()) return ROMP_E_GONE;
  auto& deferral = open_.at(it->second);
  if (deferral.owner != &owner || !deferral.live) return ROMP_E_GONE;
  if (deferral.call->reply) return ROMP_E_STATE;
  deferral.call->reply = std::move(reply);
  return ROMP_OK;
}

bool HttpDeferrals::is_answered(const Instance& owner, romp_defer_id id) const {
  const std::lock_guard lock(mutex_);
  const auto it = open_.find(id);
  return it != open_.end() && it->second.owner == &owner && it->second.call->reply.has_value();
}

std::optional<HttpDeferrals::Deferral> HttpDeferrals::erase(romp_defer_id id) {
  const auto it = open_.find(id);
  if (it == open_.end()) return std::nullopt;
  Deferral deferral = std::move(it->second);
  open_.erase(it);
  by_request_.erase(&deferral.call->view());
  if (--of_instance_[deferral.owner] == 0) of_instance_.erase(deferral.owner);
  return deferral;
}

}  // namespace romp::plugin
