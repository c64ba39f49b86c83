// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "auth/password_file.hpp"
#include "config/settings.hpp"

namespace romp::server {

/// Writes whether somebody may do something, and which line of the configuration says so. `words`
/// are user, verb and destination. Returns the exit status: 0 allowed, 1 not, 64 no such verb.
int explain_permission(const config::Settings& settings, const auth::Users& users,
                       const std::vector<std::string>& words, std::ostream& out,
                       std::ostream& errors);

}  // namespace romp::server
