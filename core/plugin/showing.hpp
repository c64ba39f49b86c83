// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugin/call.hpp"
#include "plugin/chain.hpp"

namespace romp::plugin {

/// Prepares `call.view` and `call.context` for a filter that is about to run. What was shown to the
/// filter before is used again where it may be.
void show(Call& call, const Filter& filter, bool resumed);

/// After a change to the frame: fills `call.view` anew.
void refresh(Call& call);

}  // namespace romp::plugin
