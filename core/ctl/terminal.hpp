// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace romp::ctl {

/// A password as somebody types it, without echo; where standard input is no terminal, its first
/// line. Typed ones are asked for again when `twice`. Throws std::runtime_error when there is none,
/// the two differ or the typing is interrupted.
std::string ask_for_password(const std::string& name, bool twice);

}  // namespace romp::ctl
