// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>

#include "client/connection.hpp"
#include "plugin/gateway.hpp"
#include "plugin/outbound.hpp"
#include "session/inner_sessions.hpp"
#include "session/roster.hpp"

namespace romp::session {

/// An outbound connection of a plugin, with the sessions whose frames come over it. All of it lives
/// on one worker. Held by a shared_ptr, since what is posted there refers to it.
class OutboundConnection final : public plugin::Outbound,
                                 private client::Owner,
                                 public std::enable_shared_from_this<OutboundConnection> {
 public:
  struct Ends {
    plugin::PutArrived put;
    std::atomic<std::size_t>& required_down;  ///< connections that are required, and not up
  };

  OutboundConnection(Roster& roster, const plugin::OutboundWish& wish, client::Settings settings,
                     std::shared_ptr<client::TlsContext> tls, Ends ends);
  /// Once, right after it has been made.
  void start();

  romp_status send(std::uint64_t epoch, const plugin::Outgoing& frame) override;
  romp_status submit(std::string_view client, const plugin::Outgoing& frame) override;
  void hold(Reason reason, bool on) override;
  void restart(std::string_view why) override;
  void close() override;
  romp_client_status status() const override;

 private:
  void on_up(std::uint64_t epoch, std::unique_ptr<stomp::Batch> connected) override;
  void on_frames(std::unique_ptr<stomp::Batch> frames) override;
  void on_down(std::uint64_t epoch, bool refused, const std::string& why) override;
  void hold_here(Reason reason, bool on);
  void is_missed(bool missed);

  Roster& roster_;
  const Ends ends_;
  const bool required_;
  const base::Ptr<client::Connection> connection_;
  const std::unique_ptr<InnerSessions> sessions_;  ///< null: it may make none
  unsigned held_ = 0;                              ///< Reasons
  bool missed_ = false;                            ///< counted in required_down
};

}  // namespace romp::session
