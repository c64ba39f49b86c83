// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>

namespace romp::bench {

/// The connection broke, or the broker spoke what is not STOMP or said ERROR. Ends a run with
/// status 3.
struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace romp::bench
