// SPDX-License-Identifier: Apache-2.0
#pragma once

// Included by romp/fake_host.hpp only: events, and messages for the plugin's subscriptions.

namespace romp {

inline bool fake_host::tell(std::uint32_t type, const std::string& destination, std::int64_t value,
                            romp_session_id about) {
  if (state_ != state::running || !on_event_ || (events_ & ROMP_MASK(type)) == 0) return false;
  romp_event e{};
  e.size = sizeof e;
  e.type = type;
  e.session = about;
  if (!destination.empty()) e.destination = {destination.data(), destination.size()};
  e.value = value;
  e.now_ns = now_ns;
  on_event_(event_user_, &e);
  run_tasks();
  return true;
}

inline std::size_t fake_host::deliver(const std::string& destination, const std::string& body,
                                      fake_headers headers) {
  headers.insert(headers.begin(), {"destination", destination});
  fake_frame frame(ROMP_CMD_MESSAGE, std::move(headers), body);
  std::vector<std::pair<romp_sub_id, romp_subscription>> takers;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& [id, s] : subscriptions_) {
      if (s.destination == destination && !s.closing) takers.emplace_back(id, s.raw);
    }
  }
  for (const auto& [id, raw] : takers) {
    std::uint64_t token = 0;
    if (raw.ack != ROMP_ACK_AUTO) {
      const std::lock_guard<std::mutex> lock(mutex_);
      token = ++last_id_;
      unsettled_[token] = id;
    }
    raw.on_message(raw.user, id, frame.refresh(false), token);
  }
  run_tasks();
  return takers.size();
}

inline void fake_host::end_subscriptions(bool all) {
  std::vector<std::pair<romp_sub_id, romp_subscription>> ended;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (auto at = subscriptions_.begin(); at != subscriptions_.end();) {
      if (all || at->second.closing) {
        ended.emplace_back(at->first, at->second.raw);
        at = subscriptions_.erase(at);
      } else {
        ++at;
      }
    }
  }
  for (const auto& [id, raw] : ended) {
    if (raw.on_closed) raw.on_closed(raw.user, id, all ? ROMP_E_CANCELLED : ROMP_OK);
  }
}

}  // namespace romp
