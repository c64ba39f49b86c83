// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "plugin/call.hpp"
#include "romp/plugin.h"

namespace romp::plugin {

class Instance;
struct Delivered;

/// On whose behalf a thread is inside a plugin; the thread marks of plugin.h.
enum class Mark : std::uint8_t { any, main, session, plugin, worker };

/// What this thread is doing for a plugin. `any` and nulls outside of callbacks, so also on
/// threads that a plugin has started itself.
struct Current {
  Mark mark = Mark::any;
  Instance* instance = nullptr;
  Call* call = nullptr;                  ///< the frame in hand, in a filter
  std::string* why = nullptr;            ///< where fail() leaves its text
  const Delivered* delivered = nullptr;  ///< the message in hand, in on_message
  const romp_frame* received = nullptr;  ///< the frame in hand, of an outbound connection

  /// By fail(), in a callback.
  void say_why(std::string_view text) const {
    *why = text;
    if (call != nullptr) call->has_answer = true;
  }
};

inline constinit thread_local Current current{};

}  // namespace romp::plugin
