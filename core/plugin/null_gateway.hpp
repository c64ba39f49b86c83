// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "plugin/gateway.hpp"

namespace romp::plugin {

/// A broker that takes nothing and has nothing: for instances that are created and never run.
class NullGateway : public Gateway {
 public:
  romp_status publish(const Outgoing&) override { return ROMP_E_CANCELLED; }
  romp_status send_to_session(romp_session_id, const Outgoing&) override { return ROMP_E_GONE; }
  romp_status close_session(romp_session_id, bool, std::string_view) override {
    return ROMP_E_GONE;
  }
  romp_status resume(romp_session_id, romp_defer_id, Resumption) override { return ROMP_E_GONE; }
  romp_status subscribe(std::string_view, const base::Ptr<Inbox>&) override {
    return ROMP_E_CANCELLED;
  }
  void unsubscribe(broker::Subscription&, const broker::DestinationPtr&,
                   std::vector<broker::Unsettled>) override {}
  void dead_letter(const broker::Destination&, std::vector<broker::MessagePtr>) override {}
  const std::string& boot() const override { return boot_; }
  std::vector<broker::DestinationPtr> destinations() override { return {}; }
  broker::DestinationPtr destination(std::string_view) override { return nullptr; }
  std::vector<SessionRow> sessions() override { return {}; }
  std::vector<SettingRow> settings() override { return {}; }
  romp_status reload() override { return ROMP_E_UNSUPPORTED; }
  void on_every_peer(const std::function<void(Peer&)>&) override {}
  void while_workers_wait(const std::function<void()>& task) override { task(); }
  void on_worker(std::function<void()>) override {}
  void on_pool(std::function<void()>) override {}
  std::function<void()> after(base::Duration, std::function<void()>) override { return {}; }

 private:
  std::string boot_ = "0";
};

}  // namespace romp::plugin
