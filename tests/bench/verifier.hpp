// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "body.hpp"
#include "frame_reader.hpp"
#include "sequence.hpp"

namespace romp::bench {

/// What went wrong with messages. A run is good when all of it is 0.
struct Faults {
  std::uint64_t lost = 0;
  std::uint64_t doubled = 0;
  std::uint64_t disordered = 0;
  std::uint64_t corrupt = 0;
  std::uint64_t stray = 0;  ///< came for a subscription or a destination that is not theirs

  Faults& operator+=(const Faults& other);
  bool any() const { return (lost | doubled | disordered | corrupt | stray) != 0; }
};

/// Checks every message of one subscription: each comes once, in order, whole, and belongs there.
class Verifier {
 public:
  /// `body` must outlive it. `source` is the only one whose messages may come.
  Verifier(std::string subscription, std::string destination, std::uint32_t source,
           const Body& body);

  /// Counts one MESSAGE. Returns whether `stamp` can be believed.
  bool on_message(const Frame& frame, Stamp& stamp);

  std::uint64_t received() const { return received_; }

  /// What went wrong until now, when so many messages had been sent.
  Faults faults(std::uint64_t sent) const;

 private:
  bool belongs_here(const Frame& frame, const Stamp& stamp) const;
  void count(Sequence::Arrival arrival);

  std::string subscription_;
  std::string destination_;
  std::uint32_t source_;
  const Body* body_;
  Sequence sequence_;
  Faults faults_;
  std::uint64_t received_ = 0;
};

}  // namespace romp::bench
