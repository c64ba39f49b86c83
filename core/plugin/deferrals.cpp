// SPDX-License-Identifier: Apache-2.0
#include "plugin/deferrals.hpp"

namespace romp::plugin {

std::optional<Deferral> Deferrals::of_frame(const Instance& owner, const romp_frame* frame) const {
  const std::lock_guard lock(mutex());
  const auto it = by_frame_.find(frame);
  if (it == by_frame_.end()) return std::nullopt;
  const auto* deferral = of(owner, it->second);
  return deferral == nullptr ? std::nullopt : std::optional(*deferral);
}

bool Deferrals::holds(const Instance& owner, romp_session_id session) const {
  const std::lock_guard lock(mutex());
  return live_of(owner, session) != nullptr;
}

romp_status Deferrals::authenticate(const Instance& owner, romp_session_id session,
                                    std::string_view user) {
  const std::lock_guard lock(mutex());
  const auto* deferral = live_of(owner, session);
  if (deferral == nullptr) return ROMP_E_GONE;
  if (deferral->stage != ROMP_STAGE_AUTH) return ROMP_E_STATE;
  deferral->call->authenticated = user;
  deferral->call->authenticate_called = true;
  return ROMP_OK;
}

void Deferrals::opened(romp_defer_id id, const Deferral& deferral) {
  by_frame_[&deferral.call->view] = id;
  by_session_[deferral.session] = id;
}

void Deferrals::given_up(const Deferral& deferral) noexcept { by_session_.erase(deferral.session); }

void Deferrals::closed(const Deferral& deferral) noexcept {
  by_frame_.erase(&deferral.call->view);
  if (deferral.live) by_session_.erase(deferral.session);
}

const Deferral* Deferrals::live_of(const Instance& owner, romp_session_id session) const {
  const auto it = by_session_.find(session);
  return it == by_session_.end() ? nullptr : of(owner, it->second);
}

}  // namespace romp::plugin
