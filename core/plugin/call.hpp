// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "plugin/poison.hpp"
#include "romp/plugin.h"
#include "stomp/frame.hpp"

namespace romp::plugin {

class Instance;
struct Filter;

/// One session as plugins see it. Touched on the session's worker only.
struct Peer {
  romp_session_id id = 0;
  std::string user;    ///< the login once authenticated
  std::string remote;  ///< "address:port"
  std::uint32_t transport = ROMP_TRANSPORT_TCP;
  std::uint32_t flags = 0;  ///< ROMP_SESSION_*
  std::map<std::string, std::string, std::less<>> attributes;
  std::vector<void*> slots;  ///< by the instance's number
};

/// One frame on its way through the chain, and what the C side is shown of it.
///
/// Lives on the stack for the length of a frame, or on the heap when a filter may defer it: then
/// the frame owns all of its memory. Used by one thread at a time.
class Call {
 public:
  Call(Peer& session, stomp::Frame& frame_in_hand, std::int64_t now_ns) noexcept
      : peer(session), frame(frame_in_hand), now(now_ns) {}
  ~Call() { reveal_views(); }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  Peer& peer;
  stomp::Frame& frame;
  std::int64_t now;  ///< ns of the steady clock

  /// What keeps call and frame in memory. Without it no filter can defer: a plugin may go on
  /// reading a frame whose session has gone.
  std::weak_ptr<const void> owner;

  /// The headers are in, the body is not.
  bool body_pending = false;
  std::uint64_t pending_size = 0;  ///< of that body

  bool resumed = false;  ///< a filter deferred it; those behind it are told

  /// Attributes of scope FRAME.
  std::map<std::string, std::string, std::less<>> attributes;

  // What the last filter left behind.
  bool has_answer = false;     ///< some of what follows has been written, or it called fail()
  romp_defer_id deferred = 0;  ///< by defer(); meaningful with the verdict ROMP_DEFER
  std::string reply;           ///< by reject(): for the client
  std::string log;             ///< by reject(): for the log; empty after a fault, which is logged
  bool fatal = false;
  std::string authenticated;  ///< by authenticate(): the user; empty: not called
  bool authenticate_called = false;

  /// For the C side; filled by the chain when a filter is about to run.
  const Filter* filter = nullptr;  ///< the running filter, or the one that deferred
  std::uint8_t shown_to = 0;       ///< the sorts of filters that `view` and `context` fit
  romp_frame view{};
  romp_ctx context{};
  std::vector<romp_header> header_views;

  /// What a plugin was shown is not its own any more: who kept a pointer to it is found.
  void hide_views() const noexcept {
    hide(&view, sizeof view);
    hide(&context, sizeof context);
    hide(header_views.data(), header_views.capacity() * sizeof(romp_header));
  }
  void reveal_views() const noexcept {
    reveal(&view, sizeof view);
    reveal(&context, sizeof context);
    reveal(header_views.data(), header_views.capacity() * sizeof(romp_header));
  }
};

}  // namespace romp::plugin
