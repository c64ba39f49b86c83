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

/// Says so where everybody on the machine may read the secret, in `ini` or in the file that `value`
/// names, and how to close that file; empty where its mode or that of a directory above forbids it.
std::string exposure_of(std::string_view value, const std::string& ini);

/// `path` as seen from the directory of the file `ini`.
std::string beside(std::string_view ini, std::string_view path);

}  // namespace romp::config
