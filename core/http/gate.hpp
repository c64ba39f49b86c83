// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace romp::http {

/// Why a request is not taken: the status and one sentence for the client.
struct Refusal {
  unsigned status = 400;
  std::string_view why;
};

/// Looks at the head of a request. What two readers might understand in two ways is refused, so
/// that nothing is smuggled past a proxy in front of us or a filter behind us: a Transfer-Encoding
/// that is not plain `chunked` in HTTP/1.1, no Host or two, targets with dot segments, encoded
/// slashes or NUL. (RFC 9112, 3.2, 6.1 and 11.2.)
std::optional<Refusal> refusal_of(const Message& head);

/// Is the request for somebody else? A page whose own name was made to point here can be read by
/// whoever wrote it (DNS rebinding); so Host must be one of these names, whatever its port, or a
/// numeric address, or localhost. With no list everything may.
std::optional<Refusal> refusal_of_name(const Message& head,
                                       const std::vector<std::string>& allowed);

/// Does a line of a whole head continue the one before it? Beast would join them, as RFC 9112, 5.2
/// allows; a proxy may have read them in another way.
bool has_folded_line(std::string_view head) noexcept;

/// The status for what the parser found wrong.
Refusal refusal_of(beast::error_code error);

struct Target {
  std::string_view path;
  std::optional<std::string_view> query;
};

/// Path and query of a target that passed; of the absolute form what is behind the authority.
Target split_target(std::string_view target) noexcept;

/// Empty, or what is wrong with a path: it must begin with '/', and name one thing only.
std::string_view problem_of_path(std::string_view path) noexcept;

}  // namespace romp::http
