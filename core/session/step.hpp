// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "broker/destination.hpp"
#include "plugin/call.hpp"
#include "plugin/chain.hpp"
#include "session/call_pool.hpp"
#include "stomp/frame.hpp"

namespace romp::session {

/// One client frame on its way through the stages of the chain, and how far it has come.
///
/// Normally it lives on the stack and refers to the worker's frame. Before a filter that may defer
/// runs, it takes the frame over (`hold`) and may stay as long as it must; the plugin's hands may
/// then keep frame and call alive beyond the session.
class Step {
 public:
  explicit Step(stomp::Frame& frame) noexcept : frame_(&frame) {}

  stomp::Frame& frame() noexcept { return *frame_; }
  const stomp::Frame& frame() const noexcept { return *frame_; }
  std::string_view receipt() const noexcept { return frame_->find(stomp::Name::receipt); }

  /// The call that filters see; made when the first filter runs.
  plugin::Call& call(plugin::Peer& peer, std::int64_t now_ns, CallPool& pool);
  /// The same, null where no filter has run.
  const plugin::Call* known_call() const noexcept;

  /// Takes the frame over, with all of its memory. Before the first `call`, or never.
  void hold();
  bool is_held() const noexcept { return held_ != nullptr; }

  std::uint32_t stage = 0;  ///< filters of earlier stages are done
  /// And of this stage, those up to this one. The chain may be another one by then.
  std::optional<plugin::Standing> behind;
  bool vouched_for = false;    ///< a filter of stage AUTH let the client in
  broker::DestinationPtr to;   ///< of a SEND that waits: where there was no room,
  broker::MessagePtr message;  ///< and what it has become

 private:
  struct Held {
    Held() = default;
    ~Held() { frame.wipe_passcode(); }
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;

    stomp::Frame frame;
    std::optional<plugin::Call> call;
  };

  stomp::Frame* frame_;
  std::shared_ptr<Held> held_;
  CallPool::Lease call_;
};

}  // namespace romp::session
