// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstddef>

namespace romp::bench {

/// The broker as the kernel sees it. Knows nothing, and says 0, when the process number is 0;
/// throws Failure when the process has ended.
class BrokerProcess {
 public:
  explicit BrokerProcess(pid_t pid) : pid_(pid) {}

  bool known() const { return pid_ != 0; }

  /// CPU time it has used until now, user and system, in seconds (to 10 ms).
  double cpu_seconds() const;

  /// Octets of memory: its share in smaps_rollup, or resident in statm where that is forbidden.
  std::size_t memory() const;

 private:
  pid_t pid_;
};

/// CPU time of this process in seconds.
double own_cpu_seconds();

}  // namespace romp::bench
