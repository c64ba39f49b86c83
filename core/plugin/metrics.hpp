// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "romp/plugin.h"

namespace romp::plugin {

/// One metric of a plugin. Values change from any thread, without a lock.
struct Metric {
  static constexpr std::size_t buckets = 20;
  /// The upper bound of a histogram's bucket: powers of 4, from about a microsecond to three days,
  /// in the plugin's unit. The last bucket has none.
  static double bound(std::size_t bucket) noexcept;

  std::uint32_t kind = ROMP_METRIC_COUNTER;
  std::string name;
  std::string help;
  std::atomic<double> value{0};  ///< of a histogram: the sum
  std::array<std::atomic<std::uint64_t>, buckets> counts{};
};

/// The metrics of one instance, bounded in number and length. Any thread.
class Metrics {
 public:
  static constexpr std::size_t most = 128;
  static constexpr std::size_t longest_name = 64;
  static constexpr std::size_t longest_help = 256;

  /// ROMP_E_INVAL, ROMP_E_EXISTS, ROMP_E_TOOBIG, ROMP_E_UNSUPPORTED for an unknown kind.
  romp_status define(std::uint32_t kind, std::string_view name, std::string_view help,
                     romp_metric_id& id);

  // A wrong id, or a value that makes no sense for the kind, is ignored.
  void add(romp_metric_id id, double value) noexcept;
  void set(romp_metric_id id, double value) noexcept;

  /// Null when there is none of that name.
  const Metric* find(std::string_view name) const;
  void each(const std::function<void(const Metric&)>& visit) const;

 private:
  Metric* at(romp_metric_id id) noexcept;

  mutable std::mutex mutex_;
  std::deque<Metric> metrics_;  // never moves its elements
  std::array<std::atomic<Metric*>, most> by_id_{};
};

}  // namespace romp::plugin
