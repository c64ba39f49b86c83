// SPDX-License-Identifier: Apache-2.0
#include "http/origin.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>

namespace romp::http {
namespace {

/// Without the port that the scheme stands for.
std::string_view without_usual_port(std::string_view host, std::string_view scheme) noexcept {
  const std::string_view port = scheme == "https" ? ":443" : ":80";
  if (host.ends_with(port)) host.remove_suffix(port.size());
  return host;
}

bool is_same_host(std::string_view origin, std::string_view host) noexcept {
  const auto end = origin.find("://");
  if (end == origin.npos) return false;
  const std::string_view scheme = origin.substr(0, end);
  const std::string_view of_origin = without_usual_port(origin.substr(end + 3), scheme);
  return boost::beast::iequals(of_origin, without_usual_port(host, scheme));
}

}  // namespace

bool may_open_websocket(std::string_view origin, std::string_view host,
                        const std::vector<std::string>& allowed) {
  if (origin.empty()) return true;
  if (allowed.empty()) return is_same_host(origin, host);
  return !cors_origin_for(origin, allowed).empty();
}

std::string_view cors_origin_for(std::string_view origin, const std::vector<std::string>& allowed) {
  if (origin.empty()) return {};
  const auto entry = std::ranges::find_if(allowed, [&](const std::string& word) {
    return word == "*" || boost::beast::iequals(word, origin);
  });
  return entry == allowed.end() ? std::string_view() : std::string_view(*entry);
}

}  // namespace romp::http
