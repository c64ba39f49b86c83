// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace romp::bench {

/// Who sends what to whom: all message scenarios are such plans.
struct Plan {
  bool topic = false;
  std::size_t producers = 1;         ///< each has its own destinations
  std::size_t destinations = 1;      ///< of a producer
  std::size_t subscribers = 1;       ///< of a destination; more than one only with topics
  std::size_t size = 16;             ///< octets of body
  std::size_t window = 0;            ///< messages under way to one subscriber
  std::size_t frames_per_write = 0;  ///< 0: as many as there are
  std::size_t prefetch = 0;          ///< 0: ack:auto, else client-individual
  std::size_t outstanding = 0;       ///< 0: no receipts, else SENDs without a RECEIPT yet
  double rate = 0;                   ///< 0: closed loop, else messages a second
};

}  // namespace romp::bench
