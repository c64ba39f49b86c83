// SPDX-License-Identifier: Apache-2.0
#include "plugin/metrics.hpp"

#include <algorithm>
#include <cmath>

namespace romp::plugin {
namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

bool is_metric_name(std::string_view name) {
  return !name.empty() && is_lower(name[0]) && std::ranges::all_of(name, [](char c) {
    return is_lower(c) || (c >= '0' && c <= '9') || c == '_';
  });
}

std::size_t bucket_of(double value) noexcept {
  std::size_t bucket = 0;
  while (bucket + 1 < Metric::buckets && value > Metric::bound(bucket)) ++bucket;
  return bucket;
}

}  // namespace

double Metric::bound(std::size_t bucket) noexcept {
  return std::ldexp(1.0, 2 * static_cast<int>(bucket) - 20);
}

romp_status Metrics::define(std::uint32_t kind, std::string_view name, std::string_view help,
                            romp_metric_id& id) {
  if (kind > ROMP_METRIC_HISTOGRAM) return ROMP_E_UNSUPPORTED;
  if (!is_metric_name(name)) return ROMP_E_INVAL;
  if (name.size() > longest_name || help.size() > longest_help) return ROMP_E_TOOBIG;
  if (find(name) != nullptr) return ROMP_E_EXISTS;
  const std::lock_guard lock(mutex_);
  if (metrics_.size() == most) return ROMP_E_TOOBIG;
  auto& metric = metrics_.emplace_back();
  metric.kind = kind;
  metric.name = name;
  metric.help = help;
  by_id_[metrics_.size() - 1].store(&metric);
  id = static_cast<romp_metric_id>(metrics_.size());  // 0 is never an id
  return ROMP_OK;
}

void Metrics::add(romp_metric_id id, double value) noexcept {
  auto* metric = at(id);
  if (metric == nullptr || !std::isfinite(value)) return;
  if (metric->kind == ROMP_METRIC_COUNTER && value < 0) return;
  if (metric->kind == ROMP_METRIC_HISTOGRAM) {
    metric->counts[bucket_of(value)].fetch_add(1, std::memory_order_relaxed);
  }
  metric->value.fetch_add(value, std::memory_order_relaxed);
}

void Metrics::set(romp_metric_id id, double value) noexcept {
  auto* metric = at(id);
  if (metric == nullptr || metric->kind != ROMP_METRIC_GAUGE) return;
  metric->value.store(value, std::memory_order_relaxed);
}

const Metric* Metrics::find(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto it = std::ranges::find(metrics_, name, &Metric::name);
  return it == metrics_.end() ? nullptr : &*it;
}

void Metrics::each(const std::function<void(const Metric&)>& visit) const {
  const std::lock_guard lock(mutex_);
  for (const auto& metric : metrics_) visit(metric);
}

Metric* Metrics::at(romp_metric_id id) noexcept {
  return id == 0 || id > most ? nullptr : by_id_[id - 1].load();
}

}  // namespace romp::plugin
