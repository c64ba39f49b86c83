// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>

namespace romp::support {

/// What a test waited for did not happen. Ends the test; the text says what came instead.
struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace romp::support
