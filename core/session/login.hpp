// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "auth/authenticator.hpp"
#include "session/step.hpp"

namespace romp::session {

/// A CONNECT frame that waits for its turn, or for its passcode to be checked.
struct Login {
  auth::Attempt attempt;
  std::unique_ptr<Step> step;
  std::optional<auth::Answer> answer;
  bool being_checked = false;
};

}  // namespace romp::session
