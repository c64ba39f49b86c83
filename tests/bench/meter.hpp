// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>

#include "clock.hpp"
#include "histogram.hpp"

namespace romp::bench {

/// Latencies of what was due since start(); before that it counts nothing.
class Meter {
 public:
  void start(Time now) { from_ns_ = ns_since_start(now); }

  void add(std::int64_t due_ns, std::int64_t done_ns) {
    if (due_ns >= from_ns_) histogram_.add(done_ns - due_ns);
  }

  const Histogram& histogram() const { return histogram_; }

 private:
  std::int64_t from_ns_ = std::numeric_limits<std::int64_t>::max();
  Histogram histogram_;
};

}  // namespace romp::bench
