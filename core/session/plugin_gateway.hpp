// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <vector>

#include "plugin/gateway.hpp"
#include "session/roster.hpp"

namespace romp::session {

/// Lets plugins reach sessions, destinations, workers and the pool. Any thread.
class PluginGateway final : public plugin::Gateway {
 public:
  PluginGateway(broker::Broker& broker, const config::Settings& settings);

  /// What reload() asks for; returns at once. Before the first plugin is loaded.
  void on_reload(std::function<void()> ask) { ask_to_reload_ = std::move(ask); }
  /// Before the first plugin is loaded: the rosters by the number of their worker.
  void set_rosters(std::vector<Roster*> rosters) { rosters_ = std::move(rosters); }
  /// Are all outbound connections up that the broker is not to be without? Any thread.
  bool reaches_all_required() const noexcept { return required_down_.load() == 0; }
  /// Waits for what runs in the pool.
  void stop();

  romp_status publish(const plugin::Outgoing& message) override;
  romp_status send_to_session(romp_session_id session, const plugin::Outgoing& frame) override;
  romp_status close_session(romp_session_id session, bool at_once,
                            std::string_view reason) override;
  romp_status resume(romp_session_id session, romp_defer_id id, plugin::Resumption how) override;
  romp_status subscribe(std::string_view destination,
                        const base::Ptr<plugin::Inbox>& inbox) override;
  void unsubscribe(broker::Subscription& subscription, const broker::DestinationPtr& from,
                   std::vector<broker::Unsettled> unsettled) override;
  void dead_letter(const broker::Destination& from,
                   std::vector<broker::MessagePtr> messages) override;
  const std::string& boot() const override { return broker_.boot(); }
  std::vector<broker::DestinationPtr> destinations() override { return broker_.all(); }
  broker::DestinationPtr destination(std::string_view name) override {
    return broker_.find_existing(name);
  }
  std::vector<plugin::SessionRow> sessions() override;
  std::vector<plugin::SettingRow> settings() override;
  romp_status reload() override;
  romp_status dial(const plugin::OutboundWish& wish, plugin::PutArrived put,
                   std::shared_ptr<plugin::Outbound>& made, std::string& why) override;
  void on_every_peer(const std::function<void(plugin::Peer&)>& visit) override;
  void while_workers_wait(const std::function<void()>& task) override;
  void on_worker(std::function<void()> task) override;
  void on_pool(std::function<void()> task) override;
  std::function<void()> after(base::Duration delay, std::function<void()> task) override;

 private:
  Roster* roster_of(romp_session_id session) const noexcept;
  Roster& next_roster() noexcept;

  broker::Broker& broker_;
  const config::Settings& settings_;
  std::function<void()> ask_to_reload_;
  boost::asio::thread_pool pool_;
  std::vector<Roster*> rosters_;
  std::atomic<std::size_t> turn_{0};
  std::atomic<std::size_t> required_down_{0};
};

}  // namespace romp::session
