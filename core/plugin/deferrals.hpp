// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "plugin/call.hpp"
#include "plugin/http_deferrals.hpp"
#include "romp/plugin.h"

namespace romp::plugin {

/// The frames that plugins have deferred, by ids that are never used again. Any thread.
///
/// A deferral is live until it is resumed, cancelled, or its session stops waiting. In the last
/// case the frame stays in memory until the plugin has learned of it by resume(), since it may be
/// reading it; an instance that collects too many of those cannot defer more.
class Deferrals {
 public:
  static constexpr std::size_t most_of_one_instance = 10'000;

  /// Those of HTTP requests.
  HttpDeferrals& http() noexcept { return http_; }
  const HttpDeferrals& http() const noexcept { return http_; }

  struct Deferral {
    Instance* owner = nullptr;
    romp_session_id session = 0;
    std::uint32_t stage = 0;
    const Filter* filter = nullptr;
    Call* call = nullptr;
    std::shared_ptr<const void> keep;  ///< of the call and its frame
    bool live = true;
  };

  /// ROMP_E_AGAIN: the instance has too many open.
  romp_status open(Deferral deferral, romp_defer_id& id);

  /// For resume(): exactly one caller gets a live deferral, and it is over.
  std::optional<Deferral> take(const Instance& owner, romp_defer_id id);
  /// The filter did not return DEFER after all.
  void cancel(romp_defer_id id) noexcept;
  /// The session waits no longer. The filter that was waited for, or null when resume() was faster.
  const Filter* give_up(romp_defer_id id) noexcept;
  /// All live ones of an instance that stops.
  std::vector<std::pair<romp_defer_id, Deferral>> take_all(const Instance& owner);

  /// How many frames of that instance are waited for.
  std::size_t waiting_for(const Instance& owner) const;

  /// The deferral whose frame this is; it keeps the frame alive.
  std::optional<Deferral> of_frame(const Instance& owner, const romp_frame* frame) const;
  /// Does that instance defer a frame of that session?
  bool holds(const Instance& owner, romp_session_id session) const;
  /// Names the user of a session whose CONNECT is deferred. ROMP_E_GONE: there is none.
  romp_status authenticate(const Instance& owner, romp_session_id session, std::string_view user);

 private:
  const Deferral* live_of(const Instance& owner, romp_session_id session) const;
  std::optional<Deferral> erase(romp_defer_id id);

  HttpDeferrals http_;
  mutable std::mutex mutex_;
  romp_defer_id last_ = 0;
  std::unordered_map<romp_defer_id, Deferral> open_;
  std::unordered_map<const romp_frame*, romp_defer_id> by_frame_;
  std::unordered_map<romp_session_id, romp_defer_id> by_session_;  // a session waits for one only
  std::unordered_map<const Instance*, std::size_t> of_instance_;
};

}  // namespace romp::plugin
