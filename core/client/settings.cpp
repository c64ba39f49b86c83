// SPDX-License-Identifier: Apache-2.0
#include "client/settings.hpp"

#include <algorithm>
#include <cctype>

#include "base/text.hpp"

namespace romp::client {
namespace {

bool is_port(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return !text.empty() && text.size() <= 5 && std::ranges::all_of(text, is_digit) &&
         std::stoul(std::string(text)) >= 1 && std::stoul(std::string(text)) <= 65'535;
}

std::optional<Address> address_of(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == text.npos || !is_port(text.substr(colon + 1))) return std::nullopt;
  auto host = text.substr(0, colon);
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  const bool sound = std::ranges::all_of(host, [](char c) { return std::isgraph(c) != 0; });
  if (host.empty() || !sound || (!bracketed && host.find(':') != host.npos)) return std::nullopt;
  return Address{std::string(host), std::string(text.substr(colon + 1))};
}

}  // namespace

std::string Address::text() const {
  return (host.find(':') == host.npos ? host : "[" + host + "]") + ":" + port;
}

std::vector<Address> addresses_of(std::string_view text, std::string& why) {
  std::vector<Address> all;
  for (bool more = true; more;) {
    const auto comma = text.find(',');
    more = comma != text.npos;
    const auto one = base::trimmed(text.substr(0, comma));
    if (more) text.remove_prefix(comma + 1);
    auto address = address_of(one);
    if (!address) {
      why = "\"" + std::string(one) + "\" is no address: host:port is wanted";
      return {};
    }
    all.push_back(std::move(*address));
  }
  return all;
}

}  // namespace romp::client
