// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The password file as it is edited: other lines and comments stay as they are.
namespace romp::ctl {

/// A line of the file.
struct UserLine {
  std::string hash;
  std::string roles;  ///< as they are written
};

/// Nothing where nobody is called so.
std::optional<UserLine> find_user(std::string_view text, std::string_view name);

/// The text with that user's line replaced, or added at the end.
std::string with_user(std::string_view text, std::string_view name, const UserLine& line);
/// The text without that user's line.
std::string without_user(std::string_view text, std::string_view name);

/// Replaces the file by what `change` makes of its text, at once: whoever reads it sees the old or
/// the new one. Mode and owner stay; a new file is for its owner and group. Nobody else changes it
/// in between. Throws std::runtime_error, and std::system_error; then the old file is untouched.
void change_file(const std::string& path,
                 const std::function<std::string(const std::string&)>& change);

}  // namespace romp::ctl
