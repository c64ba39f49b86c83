// SPDX-License-Identifier: Apache-2.0
#include "plugin/deferrals.hpp"

#include <algorithm>

namespace romp::plugin {

romp_status Deferrals::open(Deferral deferral, romp_defer_id& id) {
  const std::lock_guard lock(mutex_);
  auto& count = of_instance_[deferral.owner];
  if (count >= most_of_one_instance) return ROMP_E_AGAIN;
  ++count;
  id = ++last_;
  by_frame_[&deferral.call->view] = id;
  by_session_[deferral.session] = id;
  open_.emplace(id, std::move(deferral));
  return ROMP_OK;
}

std::optional<Deferrals::Deferral> Deferrals::take(const Instance& owner, romp_defer_id id) {
  const std::lock_guard lock(mutex_);
  const auto it = open_.find(id);
  if (it == open_.end() || it->second.owner != &owner) return std::nullopt;
  auto taken = erase(id);
  if (!taken->live) return std::nullopt;
  return taken;
}

void Deferrals::cancel(romp_defer_id id) noexcept {
  const std::lock_guard lock(mutex_);
  erase(id);
}

const Filter* Deferrals::give_up(romp_defer_id id) noexcept {
  const std::lock_guard lock(mutex_);
  const auto it = open_.find(id);
  if (it == open_.end() || !it->second.live) return nullptr;
  it->second.live = false;
  by_session_.erase(it->second.session);
  return it->second.filter;
}

std::vector<std::pair<romp_defer_id, Deferrals::Deferral>> Deferrals::take_all(
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

std::size_t Deferrals::waiting_for(const Instance& owner) const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(std::ranges::count_if(
      open_, [&](const auto& one) { return one.second.owner == &owner && one.second.live; }));
}

std::optional<Deferrals::Deferral> Deferrals::of_frame(const Instance& owner,
                                                       const romp_frame* frame) const {
  const std::lock_guard lock(mutex_);
  const auto it = by_frame_.find(frame);
  if (it == by_frame_.end()) return std::nullopt;
  const auto& deferral = open_.at(it->second);
  if (deferral.owner != &owner) return std::nullopt;
  return deferral;
}

bool Deferrals::holds(const Instance& owner, romp_session_id session) const {
  const std::lock_guard lock(mutex_);
  return live_of(owner, session) != nullptr;
}

romp_status Deferrals::authenticate(const Instance& owner, romp_session_id session,
                                    std::string_view user) {
  const std::lock_guard lock(mutex_);
  const auto* deferral = live_of(owner, session);
  if (deferral == nullptr) return ROMP_E_GONE;
  if (deferral->stage != ROMP_STAGE_AUTH) return ROMP_E_STATE;
  deferral->call->authenticated = user;
  deferral->call->authenticate_called = true;
  return ROMP_OK;
}

const Deferrals::Deferral* Deferrals::live_of(const Instance& owner,
                                              romp_session_id session) const {
  const auto it = by_session_.find(session);
  if (it == by_session_.end()) return nullptr;
  const auto& deferral = open_.at(it->second);
  return deferral.owner == &owner ? &deferral : nullptr;
}

std::optional<Deferrals::Deferral> Deferrals::erase(romp_defer_id id) {
  const auto it = open_.find(id);
  if (it == open_.end()) return std::nullopt;
  Deferral deferral = std::move(it->second);
  open_.erase(it);
  by_frame_.erase(&deferral.call->view);
  if (deferral.live) by_session_.erase(deferral.session);
  if (--of_instance_[deferral.owner] == 0) of_instance_.erase(deferral.owner);
  return deferral;
}

}  // namespace romp::plugin
