// SPDX-License-Identifier: Apache-2.0
#include "dead_letter.hpp"

#include <vector>

#include "hop.hpp"

namespace downstream {

bool send_dead_letter(const romp::plugin& p, const std::string& queue,
                      const romp::frame_view& message, std::string_view from,
                      std::string_view why) {
  if (queue.empty()) return false;
  std::vector<romp_header> headers;
  for (const romp::header h : message.headers()) {
    if (!is_of_the_hop(h.name)) headers.push_back({romp::str(h.name), romp::str(h.value)});
  }
  headers.push_back({ROMP_STR("dead-letter-from"), romp::str(from)});
  headers.push_back({ROMP_STR("dead-letter-reason"), romp::str(why)});
  romp_message m{};
  m.size = sizeof m;
  m.destination = romp::str(queue);
  const std::string_view type = message.header("content-type");
  if (!type.empty()) m.content_type = romp::str(type);
  m.headers = headers.data();
  m.header_count = static_cast<std::uint32_t>(headers.size());
  m.body = romp::str(message.body());
  return p.host()->publish(p.host(), &m) == ROMP_OK;
}

}  // namespace downstream
