// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "broker/destination.hpp"

namespace romp::session {

/// A message that is sent when its transaction commits.
struct HeldSend {
  broker::DestinationPtr destination;
  broker::MessagePtr message;
};

/// An ACK or NACK that takes effect then.
struct HeldSettlement {
  std::uint32_t slot;
  std::uint64_t number;
  bool positive;
  bool requeue;
};

/// What a client did between BEGIN and COMMIT, in order. Without COMMIT nothing of it happens.
struct Transaction {
  std::string id;
  std::vector<std::variant<HeldSend, HeldSettlement>> steps;
  std::size_t octets = 0;
};

}  // namespace romp::session
