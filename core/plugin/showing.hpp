// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugin/call.hpp"
#include "plugin/chain.hpp"

namespace romp::plugin {

/// Fills `call.view` anew, for `call.filter`; after a change to the frame, too.
void refresh(Call& call);

/// Fills `call.view` and `call.context` for `call.filter`.
void show_anew(Call& call, bool resumed);

/// Prepares `call.view` and `call.context` for a filter that is about to run. What was shown to the
/// filter before is used again where it may be. The session has the filter's slot.
inline void show(Call& call, const Filter& filter, bool resumed) {
  call.filter = &filter;
  if ((call.shown_to & filter.sort) == 0) show_anew(call, resumed);
  call.context.slot = call.peer.slots.data() + filter.slot;
}

}  // namespace romp::plugin
