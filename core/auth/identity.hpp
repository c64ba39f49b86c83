// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace romp::auth {

/// Whoever has this role is an administrator, as `true` in romp's third field says.
inline constexpr std::string_view admin_role = "admin";

/// Who a client is.
struct Identity {
  std::string user;  ///< empty: nobody in particular
  std::vector<std::string> roles;
  std::int64_t ends_ms = 0;  ///< since 1970, when a token ends; 0: never

  bool has(std::string_view role) const { return std::ranges::find(roles, role) != roles.end(); }
  bool is_admin() const { return has(admin_role); }
};

}  // namespace romp::auth
