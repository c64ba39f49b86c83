// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/shared.hpp"
#include "romp/plugin.h"
#include "stomp/frame.hpp"

namespace romp::plugin {

/// A frame a plugin sends: to a destination or to one session. Views, good for the call.
struct Outgoing {
  stomp::Command command = stomp::Command::message;
  std::string_view destination;
  std::span<const stomp::Header> headers;  ///< content-type among them; no content-length
  std::string_view body;
  base::Ptr<base::Shared> body_owner;  ///< set where the body may be shared instead of copied
};

/// How a deferred frame goes on.
struct Resumption {
  romp_verdict verdict = ROMP_CONTINUE;
  std::string reply;  ///< for the client, with ROMP_REJECT
  std::string log;
  bool fatal = false;
};

/// What plugins can do to the broker. The layers above implement it; every function may be called
/// from any thread and returns ROMP_OK or a ROMP_E_ code. None calls a plugin.
class Gateway {
 public:
  virtual ~Gateway() = default;

  /// Routes a message to its destination, past all filters.
  /// ROMP_E_AGAIN: full; ROMP_E_NOTFOUND: no such destination; ROMP_E_TOOBIG.
  virtual romp_status publish(const Outgoing& message) = 0;

  /// ROMP_E_GONE: no such session; ROMP_E_AGAIN: its outbox is full.
  virtual romp_status send_to_session(romp_session_id session, const Outgoing& frame) = 0;
  virtual romp_status close_session(romp_session_id session, bool at_once,
                                    std::string_view reason) = 0;

  /// Lets the session go on with the frame it deferred under that id.
  virtual romp_status resume(romp_session_id session, romp_defer_id id, Resumption how) = 0;

  /// Runs the task on some worker, for a plugin's strand: it must not block.
  virtual void on_worker(std::function<void()> task) = 0;
  /// Runs the task on a thread that may block.
  virtual void on_pool(std::function<void()> task) = 0;
  /// Runs the task on some worker after a while; the returned function cancels what has not begun.
  virtual std::function<void()> after(base::Duration delay, std::function<void()> task) = 0;
};

}  // namespace romp::plugin
