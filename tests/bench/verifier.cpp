// SPDX-License-Identifier: Apache-2.0
#include "verifier.hpp"

namespace romp::bench {

Faults& Faults::operator+=(const Faults& other) {
  lost += other.lost;
  doubled += other.doubled;
  disordered += other.disordered;
  corrupt += other.corrupt;
  stray += other.stray;
  return *this;
}

Verifier::Verifier(std::string subscription, std::string destination, std::uint32_t source,
                   const Body& body)
    : subscription_(std::move(subscription)),
      destination_(std::move(destination)),
      source_(source),
      body_(&body) {}

bool Verifier::on_message(const Frame& frame, Stamp& stamp) {
  ++received_;
  if (!body_->read_stamp(frame.body, stamp)) {
    ++faults_.corrupt;
    return false;
  }
  if (!belongs_here(frame, stamp)) {
    ++faults_.stray;
    return false;
  }
  if (!body_->rest_matches(frame.body, stamp) || frame.message_id.empty()) ++faults_.corrupt;
  const Sequence::Arrival arrival = sequence_.arrive(stamp.sequence);
  if (arrival != Sequence::Arrival::expected) count(arrival);
  return true;
}

bool Verifier::belongs_here(const Frame& frame, const Stamp& stamp) const {
  return stamp.source == source_ && frame.subscription == subscription_ &&
         frame.destination == destination_;
}

// An early message is no fault by itself: what it overtook either comes late or is lost.
void Verifier::count(Sequence::Arrival arrival) {
  if (arrival == Sequence::Arrival::late) ++faults_.disordered;
  if (arrival == Sequence::Arrival::again) ++faults_.doubled;
}

Faults Verifier::faults(std::uint64_t sent) const {
  Faults all = faults_;
  all.lost += sequence_.missing(sent);
  return all;
}

}  // namespace romp::bench
