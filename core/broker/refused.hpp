// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>

namespace romp::broker {

/// The broker says no: a limit, a rule, a name it does not know. It knows no STOMP; the session
/// turns this into an ERROR frame.
class Refused : public std::runtime_error {
 public:
  enum class Why { unknown, full, too_large, not_allowed, bad_name, limit };

  /// `message` is short ("destination full"), `detail` says what and which.
  Refused(Why why, const std::string& message, std::string detail)
      : std::runtime_error(message), why_(why), detail_(std::move(detail)) {}

  Why why() const noexcept { return why_; }
  const std::string& detail() const noexcept { return detail_; }

 private:
  Why why_;
  std::string detail_;
};

}  // namespace romp::broker
