// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "broker/selector_program.hpp"

namespace romp::broker::selector {

/// Throws SelectorError where the text is no selector or goes beyond Limits.
Program parse(std::string_view text);

}  // namespace romp::broker::selector
