// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace romp::broker::selector {

/// The selector that romp's `name OP value` stands for. Throws SelectorError.
std::string from_romp_filter(std::string_view filter);

}  // namespace romp::broker::selector
