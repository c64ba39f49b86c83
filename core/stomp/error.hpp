// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace romp::stomp {

/// What a client did wrong. Thrown anywhere below a session's read loop and caught there only; the
/// client gets it as an ERROR frame and the connection ends (STOMP 1.2, "ERROR").
class ProtocolError : public std::runtime_error {
 public:
  /// `message` is the short text of the `message` header, `detail` says in the body what and where.
  ProtocolError(const std::string& message, std::string detail)
      : std::runtime_error(message), detail_(std::move(detail)) {}

  const std::string& detail() const noexcept { return detail_; }

 private:
  std::string detail_;
};

/// What a client sent, fit for a `detail`: in quotes, cut at 64 octets, each octet that is not
/// printable ASCII as a question mark.
std::string quoted(std::string_view sent);

}  // namespace romp::stomp
