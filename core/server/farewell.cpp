// SPDX-License-Identifier: Apache-2.0
#include "server/farewell.hpp"

#include <array>

#include "base/version.hpp"
#include "http/answer.hpp"
#include "stomp/writer.hpp"

namespace romp::server {

std::string farewell(net::Protocol protocol, std::string_view message, std::string_view detail,
                     unsigned status) {
  if (protocol == net::Protocol::foreign) return {};
  if (protocol == net::Protocol::http) {
    const std::string server = "romp/" + std::string(base::version);
    return http::render(http::last_answer(status, detail), {11, false, false, server, {}});
  }
  const std::array<stomp::Header, 3> headers{
      {{"message", message}, {"content-type", "text/plain"}, {"version", "1.2,1.1,1.0"}}};
  std::string frame;
  stomp::append_frame(frame, stomp::Command::error, headers, std::string(detail) + "\n",
                      stomp::Version::v1_2);
  return frame;
}

}  // namespace romp::server
