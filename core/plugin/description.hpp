// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "plugin/instance.hpp"

namespace romp::plugin {

/// "ping on SEND /virt/ping".
std::string describe(const Filter& filter);

/// "plugin ping 1.0.0 (ABI 1.0): filters ping on SEND /virt/ping; capabilities frames".
std::string describe(const Instance& instance);

}  // namespace romp::plugin
