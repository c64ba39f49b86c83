// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>

namespace romp::support {

/// How long a test waits for what must come. Only a test that fails waits so long.
inline constexpr std::chrono::seconds patience{20};

/// True as soon as the condition holds; false when it never does.
bool eventually(const std::function<bool()>& condition,
                std::chrono::milliseconds at_most = patience);

}  // namespace romp::support
