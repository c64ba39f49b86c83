// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "plugin/call.hpp"

namespace romp::session {

/// The memory of calls that are over, for those to come: a frame that filters see and none defers
/// takes none of its own. One worker.
class CallPool {
 public:
  static constexpr std::size_t most_spare = 16;  ///< as deep as frames send frames, and more

  struct Slot {
    std::optional<plugin::Call> call;
    std::vector<romp_header> headers;  ///< memory of the last call's
  };
  struct Returner {
    CallPool* pool = nullptr;
    void operator()(Slot* slot) const noexcept { pool->give_back(slot); }
  };
  using Lease = std::unique_ptr<Slot, Returner>;

  Lease take(plugin::Peer& peer, stomp::Frame& frame, std::int64_t now_ns) {
    std::unique_ptr<Slot> slot;
    if (spare_.empty()) {
      slot = std::make_unique<Slot>();
      spare_.reserve(most_spare);
    } else {
      slot = std::move(spare_.back());
      spare_.pop_back();
    }
    slot->call.emplace(peer, frame, now_ns);
    slot->call->header_views = std::move(slot->headers);
    return Lease(slot.release(), Returner{this});
  }

 private:
  void give_back(Slot* given) noexcept {
    std::unique_ptr<Slot> slot(given);
    if (spare_.size() == most_spare) return;
    slot->headers = std::move(slot->call->header_views);
    slot->call.reset();
    spare_.push_back(std::move(slot));
  }

  std::vector<std::unique_ptr<Slot>> spare_;
};

}  // namespace romp::session
