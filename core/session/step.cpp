// SPDX-License-Identifier: Apache-2.0
#include "session/step.hpp"

namespace romp::session {

plugin::Call& Step::call(plugin::Peer& peer, std::int64_t now_ns, CallPool& pool) {
  if (held_) {
    if (!held_->call) {
      held_->call.emplace(peer, held_->frame, now_ns);
      held_->call->owner = held_;
    }
    held_->call->now = now_ns;
    return *held_->call;
  }
  if (!call_) call_ = pool.take(peer, *frame_, now_ns);
  auto& call = *call_->call;
  call.now = now_ns;
  return call;
}

const plugin::Call* Step::known_call() const noexcept {
  if (held_) return held_->call ? &*held_->call : nullptr;
  return call_ ? &*call_->call : nullptr;
}

void Step::hold() {
  call_.reset();
  held_ = std::make_shared<Held>();
  std::swap(held_->frame, *frame_);
  held_->frame.own_everything();
  frame_ = &held_->frame;
}

}  // namespace romp::session
