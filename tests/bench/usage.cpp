// SPDX-License-Identifier: Apache-2.0
#include "usage.hpp"

#include <algorithm>

namespace romp::bench {

Result result_of(std::uint64_t count, const Usage& from, const Usage& to) {
  const auto things = static_cast<double>(std::max<std::uint64_t>(count, 1));
  const double broker_cpu = to.broker_cpu - from.broker_cpu;
  const double own_cpu = to.own_cpu - from.own_cpu;
  Result result;
  result.seconds = seconds(to.time - from.time);
  result.per_second = static_cast<double>(count) / result.seconds;
  result.broker_us = broker_cpu / things * 1e6;
  result.broker_share = broker_cpu / result.seconds;
  result.own_us = own_cpu / things * 1e6;
  result.own_share = own_cpu / result.seconds;
  return result;
}

}  // namespace romp::bench
