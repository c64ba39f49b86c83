// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace romp::session {

/// The names of one session's temporary queues. A client writes `/temp-queue/x`; everybody else
/// sees
/// `/temp-queue/TOKEN-x`, which nobody can guess, in the `reply-to` of its messages.
class TemporaryQueues {
 public:
  static bool is_temporary(std::string_view name) noexcept;
  /// True for a broker's name, of whatever session.
  static bool has_token(std::string_view name) noexcept;

  /// The broker's name for what the client calls `name`; the same for a name that is already ours.
  std::string broker_name(std::string_view name);

  /// Remembers that the queue was made. True the first time.
  bool note(const std::string& broker_name);
  const std::vector<std::string>& all() const noexcept { return made_; }

 private:
  std::string token_;  ///< drawn when it is first needed
  std::vector<std::string> made_;
};

}  // namespace romp::session
