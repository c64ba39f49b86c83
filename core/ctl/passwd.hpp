// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace romp::ctl {

/// What `rompctl passwd` was asked for.
struct PasswdOrder {
  std::string file;
  std::string name;
  std::optional<std::vector<std::string>> roles;  ///< nothing: as they are
};

/// They return the exit status, 0 or 1, and throw std::runtime_error for what goes wrong.
int add_user(const PasswdOrder& order);
int remove_user(const PasswdOrder& order);
/// 1: it is not the user's password, or there is no such user.
int check_user(const PasswdOrder& order);

}  // namespace romp::ctl
