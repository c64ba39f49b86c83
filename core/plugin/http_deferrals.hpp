// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "plugin/http_call.hpp"

namespace romp::plugin {

/// The HTTP requests that plugins have deferred, by ids that are never used again and that no frame
/// has. Any thread. As with frames, a request that its client no longer waits for stays in memory
/// until the plugin has learned of it.
class HttpDeferrals {
 public:
  static constexpr std::size_t most_of_one_instance = 10'000;

  struct Deferral {
    Instance* owner = nullptr;
    std::shared_ptr<HttpCall> call;
    const HttpFilter* filter = nullptr;
    bool live = true;
  };

  /// Of a request, and not of a frame?
  static bool is_one(romp_defer_id id) noexcept { return (id & mark) != 0; }

  /// ROMP_E_AGAIN: the instance has too many open.
  romp_status open(Instance& owner, std::shared_ptr<HttpCall> call, romp_defer_id& id);
  /// For resume(): exactly one caller gets a live deferral, and it is over.
  std::optional<Deferral> take(const Instance& owner, romp_defer_id id);
  /// The filter did not return DEFER after all.
  void cancel(romp_defer_id id) noexcept;
  /// The client waits no longer. The filter that was waited for, or null when resume() was faster.
  const HttpFilter* give_up(romp_defer_id id) noexcept;
  /// All live ones of an instance that stops.
  std::vector<std::pair<romp_defer_id, Deferral>> take_all(const Instance& owner);

  /// How many requests of that instance are waited for.
  std::size_t waiting_for(const Instance& owner) const;

  /// Answers a deferred request. ROMP_E_GONE: nobody waits; ROMP_E_STATE: it has an answer.
  romp_status answer(const Instance& owner, const romp_http* request, HttpReply reply);
  /// Has a deferred request an answer?
  bool is_answered(const Instance& owner, romp_defer_id id) const;

 private:
  static constexpr romp_defer_id mark = romp_defer_id{1} << 63;

  std::optional<Deferral> erase(romp_defer_id id);

  mutable std::mutex mutex_;
  romp_defer_id last_ = 0;
  std::unordered_map<romp_defer_id, Deferral> open_;
  std::unordered_map<const romp_http*, romp_defer_id> by_request_;
  std::unordered_map<const Instance*, std::size_t> of_instance_;
};

}  // namespace romp::plugin
