// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "unit/net/websocket_rig.hpp"

/// What a client may send to a WebSocket, in pieces: the first octet says how it is cut, and
/// whether it may be compressed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  romp::net::WebSocketOptions options;
  options.max_message = 4096;
  romp::net::DeflateBudget budget(1);
  if ((data[0] & 1U) != 0) options.deflate = &budget;
  romp::net::WebSocketRig rig(options);
  rig.wire.at_once = 1U + (data[0] >> 1U);
  rig.wire.sent.assign(reinterpret_cast<const char*>(data) + 1, size - 1);
  rig.run();
  const iovec piece{const_cast<char*>("hello"), 5};
  romp::net::error_code error;
  rig.socket->write_some({&piece, 1}, error);
  rig.wire.client_is_done = true;
  rig.run();
  rig.socket->finish_writing();
  rig.run();
  return 0;
}
