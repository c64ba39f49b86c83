// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "romp/plugin.h"

namespace romp::plugin {

class Instance;

/// What plugins have deferred, frames or requests, by ids that are never used again. Any thread.
///
/// A deferral is live until it is resumed, cancelled, or nobody waits for it any longer. In the
/// last case it stays until the plugin has learned of it by resume(), since it may be reading what
/// it has deferred; an instance that collects too many of those cannot defer more.
///
/// `Deferral` has `owner`, `filter`, `live`, and keeps what was deferred in memory.
template <class Deferral>
class DeferralBook {
 public:
  static constexpr std::size_t most_of_one_instance = 10'000;
  using Filter = decltype(Deferral::filter);

  DeferralBook(const DeferralBook&) = delete;
  DeferralBook& operator=(const DeferralBook&) = delete;

  /// ROMP_E_AGAIN: the instance has too many open.
  romp_status open(Deferral deferral, romp_defer_id& id) {
    const std::lock_guard lock(mutex_);
    auto& count = of_instance_[deferral.owner];
    if (count >= most_of_one_instance) return ROMP_E_AGAIN;
    ++count;
    id = ++last_ | mark_;
    opened(id, deferral);
    open_.emplace(id, std::move(deferral));
    return ROMP_OK;
  }
  /// For resume(): exactly one caller gets a live deferral, and it is over.
  std::optional<Deferral> take(const Instance& owner, romp_defer_id id) {
    const std::lock_guard lock(mutex_);
    if (of(owner, id) == nullptr) return std::nullopt;
    auto taken = erase(id);
    if (!taken->live) return std::nullopt;
    return taken;
  }
  /// The filter did not return DEFER after all.
  void cancel(romp_defer_id id) noexcept {
    const std::lock_guard lock(mutex_);
    erase(id);
  }
  /// Nobody waits longer. The filter that was waited for, or null when resume() was faster.
  Filter give_up(romp_defer_id id) noexcept {
    const std::lock_guard lock(mutex_);
    const auto it = open_.find(id);
    if (it == open_.end() || !it->second.live) return nullptr;
    it->second.live = false;
    given_up(it->second);
    return it->second.filter;
  }
  /// All live ones of an instance that stops.
  std::vector<std::pair<romp_defer_id, Deferral>> take_all(const Instance& owner) {
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
  /// How many of that instance are waited for.
  std::size_t waiting_for(const Instance& owner) const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(std::ranges::count_if(
        open_, [&](const auto& one) { return one.second.owner == &owner && one.second.live; }));
  }

 protected:
  /// The bits of `mark` are in each id.
  explicit DeferralBook(romp_defer_id mark = 0) noexcept : mark_(mark) {}
  virtual ~DeferralBook() = default;

  // For those who keep an index of their own; the mutex is held.
  virtual void opened(romp_defer_id id, const Deferral& deferral) = 0;
  virtual void given_up(const Deferral& deferral) noexcept = 0;
  virtual void closed(const Deferral& deferral) noexcept = 0;

  std::mutex& mutex() const noexcept { return mutex_; }
  /// Null where that instance has none of that id. The mutex is held.
  const Deferral* of(const Instance& owner, romp_defer_id id) const {
    const auto it = open_.find(id);
    return it != open_.end() && it->second.owner == &owner ? &it->second : nullptr;
  }

 private:
  std::optional<Deferral> erase(romp_defer_id id) {
    const auto it = open_.find(id);
    if (it == open_.end()) return std::nullopt;
    Deferral deferral = std::move(it->second);
    open_.erase(it);
    closed(deferral);
    if (--of_instance_[deferral.owner] == 0) of_instance_.erase(deferral.owner);
    return deferral;
  }

  const romp_defer_id mark_;
  mutable std::mutex mutex_;
  romp_defer_id last_ = 0;
  std::unordered_map<romp_defer_id, Deferral> open_;
  std::unordered_map<const Instance*, std::size_t> of_instance_;
};

}  // namespace romp::plugin
