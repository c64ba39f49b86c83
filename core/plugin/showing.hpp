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
/// filter before is used again where it may be.
inline void show(Call& call, const Filter& filter, bool resumed) {
  call.filter = &filter;
  if ((call.shown_to & filter.sort) == 0) show_anew(call, resumed);
  auto& slots = call.peer.slots;
  if (slots.size() <= filter.slot) slots.resize(filter.slot + 1);
  call.context.slot = &slots[filter.slot];
}

}  // namespace romp::plugin
