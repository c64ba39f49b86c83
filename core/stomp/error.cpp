// SPDX-License-Identifier: Apache-2.0
#include "stomp/error.hpp"

namespace romp::stomp {

std::string quoted(std::string_view sent) {
  constexpr std::size_t longest = 64;
  std::string out = "\"";
  for (const char c : sent.substr(0, longest)) out += c >= ' ' && c <= '~' ? c : '?';
  out += sent.size() > longest ? "...\"" : "\"";
  return out;
}

}  // namespace romp::stomp
