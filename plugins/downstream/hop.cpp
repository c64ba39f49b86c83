// SPDX-License-Identifier: Apache-2.0
#include "hop.hpp"

#include <algorithm>
#include <array>

namespace downstream {

bool is_of_the_hop(std::string_view name) noexcept {
  static constexpr std::array<std::string_view, 13> names{
      "ack",          "content-length", "content-type", "delivery-count", "destination",
      "heart-beat",   "message-id",     "receipt",      "redelivered",    "server",
      "subscription", "transaction",    "x-romp-resent"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string_view why_dropped(std::string_view via, std::string_view node) noexcept {
  std::size_t hops = 0;
  while (!via.empty()) {
    const std::string_view one = via.substr(0, via.find(','));
    if (one == node) return "it has been over this bridge";
    via.remove_prefix(std::min(via.size(), one.size() + 1));
    ++hops;
  }
  return hops >= most_hops ? "it has been over too many bridges" : "";
}

void Hop::begin(const romp::frame_view& message, std::string_view origin) {
  headers_.clear();
  via_.clear();
  content_type_ = message.header("content-type");
  bool is_named = false;
  for (const romp::header h : message.headers()) {
    if (h.name == via_header && via_.empty()) via_.assign(h.value).append(1, ',');
    if (h.name == via_header || is_of_the_hop(h.name)) continue;
    is_named = is_named || h.name == origin_header;
    add(h.name, h.value);
  }
  via_ += node_;
  if (!is_named) add(origin_header, origin);
  add(via_header, via_);
}

romp_message Hop::message(std::string_view destination) const noexcept {
  romp_message m{};
  m.size = sizeof m;
  m.destination = romp::str(destination);
  if (!content_type_.empty()) m.content_type = romp::str(content_type_);
  m.headers = headers_.data();
  m.header_count = static_cast<std::uint32_t>(headers_.size());
  return m;
}

}  // namespace downstream
