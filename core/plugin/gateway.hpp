// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/shared.hpp"
#include "broker/destination.hpp"
#include "plugin/call.hpp"
#include "plugin/inbox.hpp"
#include "plugin/outbound.hpp"
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

/// A session as it is listed.
struct SessionRow {
  romp_session_id id = 0;
  std::string user;
  std::string remote;
  std::uint32_t transport = 0;
  std::uint32_t flags = 0;
  std::int64_t since_ns = 0;  ///< steady clock
};

/// An option of the broker as it is listed; secrets are masked.
struct SettingRow {
  std::string section;
  std::string key;
  std::string value;
  std::string help;
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

  /// Tells the inbox its destination, null for a pattern, before it is given anything.
  /// ROMP_E_NOTFOUND, ROMP_E_INVAL, ROMP_E_AGAIN: it takes no more subscriptions.
  virtual romp_status subscribe(std::string_view destination, const base::Ptr<Inbox>& inbox) = 0;
  /// Ends it; what was not settled goes back.
  virtual void unsubscribe(broker::Subscription& subscription, const broker::DestinationPtr& from,
                           std::vector<broker::Unsettled> unsettled) = 0;
  /// Messages that their queue has given up on.
  virtual void dead_letter(const broker::Destination& from,
                           std::vector<broker::MessagePtr> messages) = 0;
  /// How message ids begin.
  virtual const std::string& boot() const = 0;

  virtual std::vector<broker::DestinationPtr> destinations() = 0;
  /// Null when there is none of that name.
  virtual broker::DestinationPtr destination(std::string_view name) = 0;
  virtual std::vector<SessionRow> sessions() = 0;
  virtual std::vector<SettingRow> settings() = 0;
  /// As SIGHUP. ROMP_E_UNSUPPORTED where there is no file to read again.
  virtual romp_status reload() = 0;

  /// Begins to dial; `put` is called on some worker. ROMP_E_INVAL with the reason in `why`;
  /// ROMP_E_UNSUPPORTED where there is no network.
  virtual romp_status dial(const OutboundWish& /*wish*/, PutArrived /*put*/,
                           std::shared_ptr<Outbound>& /*made*/, std::string& /*why*/) {
    return ROMP_E_UNSUPPORTED;
  }

  /// Runs `visit` for every session that plugins know, on its worker, and returns when all is done.
  /// Whatever a worker was doing when this was called has ended then. [main]
  virtual void on_every_peer(const std::function<void(Peer&)>& visit) = 0;
  /// Runs the task here while every worker waits. [main]
  virtual void while_workers_wait(const std::function<void()>& task) = 0;

  /// Runs the task on some worker, for a plugin's strand: it must not block.
  virtual void on_worker(std::function<void()> task) = 0;
  /// Runs the task on a thread that may block.
  virtual void on_pool(std::function<void()> task) = 0;
  /// Runs the task on some worker after a while; the returned function cancels what has not begun.
  virtual std::function<void()> after(base::Duration delay, std::function<void()> task) = 0;
};

}  // namespace romp::plugin
