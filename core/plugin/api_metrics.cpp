// SPDX-License-Identifier: Apache-2.0
#include "plugin/host_api.hpp"

namespace romp::plugin {
namespace {

constexpr Rule anywhere{always};

void metric_add(const romp_host* host, romp_metric_id metric, double value) {
  entered(host, anywhere, [&](Instance& self) {
    self.metrics().add(metric, value);
    return ROMP_OK;
  });
}

void metric_set(const romp_host* host, romp_metric_id metric, double value) {
  entered(host, anywhere, [&](Instance& self) {
    self.metrics().set(metric, value);
    return ROMP_OK;
  });
}

}  // namespace

void set_metric_functions(romp_host& table) noexcept {
  table.metric_add = metric_add;
  table.metric_set = metric_set;
}

}  // namespace romp::plugin
