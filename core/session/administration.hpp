// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace romp::session {

/// What an administrator wants changed, over STOMP or HTTP.
struct AdminOrder {
  std::string action;       ///< shutdown, kill, clean, perms, reload, close-session
  std::string destination;  ///< to clean or to change
  std::vector<std::pair<std::string, std::string>> perms;  ///< its settings, as in the ini
  std::uint64_t session = 0;                               ///< to close
  std::string who;                                         ///< for the audit log: user and address
};

struct AdminOutcome {
  bool done = false;
  std::string text;  ///< what was done, or why not
};

/// Does it, and calls back, on whatever thread.
using Administer = std::function<void(AdminOrder, std::function<void(AdminOutcome)>)>;

}  // namespace romp::session
