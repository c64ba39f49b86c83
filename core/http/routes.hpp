// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "config/settings.hpp"
#include "http/answer.hpp"
#include "http/environment.hpp"
#include "http/gate.hpp"
#include "http/message.hpp"

namespace romp::http {

/// ROMP_HTTP_ bit of a method; 0: not one that is served.
std::uint32_t method_bit(beast::http::verb method) noexcept;

/// The request as filters see it, its body moved out.
plugin::HttpRequest request_for_filters(Message& message, const Target& target, std::string remote);

/// What is answered before filters are asked: methods that are not served, `OPTIONS *`, the
/// question of a browser whether a page may ask (CORS preflight).
std::optional<Answer> answer_before_filters(const Environment& environment, const Message& request);

/// What is answered when no filter did: health checks, /metrics on the administrator's listeners,
/// 405 for a path that has filters for other methods, else 404.
Answer answer_after_filters(const Environment& environment,
                            const config::ListenerSettings& listener,
                            const plugin::HttpRequest& request);

/// The reply of a filter.
Answer answer_of(plugin::HttpReply reply);

}  // namespace romp::http
