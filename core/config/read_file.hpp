// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace romp::config {

/// The whole file, or nothing and `why`. Opens for reading only; refuses more than 16 MiB.
std::optional<std::string> read_file(const std::string& path, std::string& why);

}  // namespace romp::config
