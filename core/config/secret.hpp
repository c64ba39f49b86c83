// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace romp::config {

/// The secret that `value` stands for: itself, or with `file:PATH` what that file holds without the
/// newline at its end. A relative PATH begins at the directory of `ini`, the file it is written in.
/// Nothing and `why` when the file cannot be read or holds nothing.
std::optional<std::string> resolve_secret(std::string_view value, std::string_view ini,
                                          std::string& why);

/// The file that `value` stands in: `ini`, or with `file:PATH` that one.
std::string file_of_secret(std::string_view value, const std::string& ini);

/// Do its mode and those of the directories above let everybody on the machine read the file?
bool everybody_may_read(const std::string& path);

/// `path` as seen from the directory of the file `ini`.
std::string beside(std::string_view ini, std::string_view path);

}  // namespace romp::config
