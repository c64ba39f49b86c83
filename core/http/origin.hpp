// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace romp::http {

/// May a page of that origin open a WebSocket here? Without the header it is no browser. With no
/// list the origin's host and port must be the request's own.
bool may_open_websocket(std::string_view origin, std::string_view host,
                        const std::vector<std::string>& allowed);

/// What Access-Control-Allow-Origin says to that origin: an entry of the list, never the header
/// itself; empty: nothing.
std::string_view cors_origin_for(std::string_view origin, const std::vector<std::string>& allowed);

}  // namespace romp::http
