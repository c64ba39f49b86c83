// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "auth/identity.hpp"
#include "config/problem.hpp"

namespace romp::auth {

/// One line of the password file.
struct User {
  std::string hash;
  std::vector<std::string> roles;
  int line = 0;
};

using Users = std::map<std::string, User, std::less<>>;

/// Reads lines `name:hash[:role,...]`; `#` begins a comment line.
///
/// What cannot be read adds a problem with its line, what should be changed a warning; hashes are
/// in neither. Any thread.
Users parse_password_file(std::string_view text, const std::string& path,
                          std::vector<config::Problem>& problems,
                          std::vector<config::Problem>& warnings);

/// The same from a file, which others may not write. Blocks.
Users load_password_file(const std::string& path, std::vector<config::Problem>& problems,
                         std::vector<config::Problem>& warnings);

/// Why somebody cannot be called so ("is empty"), or "". Names have no blanks, colons or control
/// characters, and 128 octets at most.
std::string_view why_bad_user(std::string_view name) noexcept;
/// The same of roles: letters, digits, `-`, `_` and `.`.
bool is_role(std::string_view word) noexcept;

}  // namespace romp::auth
