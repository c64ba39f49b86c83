// SPDX-License-Identifier: Apache-2.0
#include <latch>
#include <stdexcept>

#include "broker/pattern.hpp"
#include "broker/refused.hpp"
#include "config/options.hpp"
#include "session/plugin_gateway.hpp"

namespace romp::session {

romp_status PluginGateway::subscribe(std::string_view name, const base::Ptr<plugin::Inbox>& inbox) {
  using Why = broker::Refused::Why;
  try {
    if (broker::Pattern::is_pattern(name)) {
      if (!broker::why_bad_name(name).empty()) return ROMP_E_INVAL;
      broker_.subscribe_pattern(broker::Pattern(std::string(name)), inbox);
      return ROMP_OK;
    }
    for (bool open = false; !open;) {
      const auto to = broker_.find(name);
      inbox->set_destination(to);
      open = to->subscribe(inbox);
    }
    return ROMP_OK;
  } catch (const std::invalid_argument&) {
    return ROMP_E_INVAL;
  } catch (const broker::Refused& refused) {
    if (refused.why() == Why::bad_name) return ROMP_E_INVAL;
    return refused.why() == Why::limit ? ROMP_E_AGAIN : ROMP_E_NOTFOUND;
  }
}

void PluginGateway::unsubscribe(broker::Subscription& subscription,
                                const broker::DestinationPtr& from,
                                std::vector<broker::Unsettled> unsettled) {
  if (!from) {
    broker_.unsubscribe_pattern(subscription);
    return;
  }
  dead_letter(*from, from->unsubscribe(subscription, std::move(unsettled)));
}

void PluginGateway::dead_letter(const broker::Destination& from,
                                std::vector<broker::MessagePtr> messages) {
  if (messages.empty()) return;
  rosters_.front()->environment().dead_letter(from, std::move(messages), "max_deliveries reached");
}

std::vector<plugin::SessionRow> PluginGateway::sessions() {
  std::vector<plugin::SessionRow> all;
  for (const auto* roster : rosters_) {
    auto some = roster->sessions();
    all.insert(all.end(), std::make_move_iterator(some.begin()),
               std::make_move_iterator(some.end()));
  }
  return all;
}

std::vector<plugin::SettingRow> PluginGateway::settings() {
  std::vector<plugin::SettingRow> rows;
  for (const auto& option : config::server_options()) {
    const auto value = option.get(settings_);
    rows.push_back({std::string(option.section), std::string(option.key),
                    option.secret && !value.empty() ? "***" : value, std::string(option.help)});
  }
  return rows;
}

romp_status PluginGateway::reload() {
  if (!ask_to_reload_) return ROMP_E_UNSUPPORTED;
  ask_to_reload_();
  return ROMP_OK;
}

void PluginGateway::on_every_peer(const std::function<void(plugin::Peer&)>& visit) {
  std::latch finished(static_cast<std::ptrdiff_t>(rosters_.size()));
  for (auto* roster : rosters_) {
    roster->post([&, roster] {
      roster->each_peer(visit);
      finished.count_down();
    });
  }
  finished.wait();
}

void PluginGateway::while_workers_wait(const std::function<void()>& task) {
  const auto count = static_cast<std::ptrdiff_t>(rosters_.size());
  std::latch here(count);
  std::latch go(1);
  std::latch gone(count);
  for (auto* roster : rosters_) {
    roster->post([&] {
      here.count_down();
      go.wait();
      gone.count_down();
    });
  }
  here.wait();
  task();
  go.count_down();
  gone.wait();
}

}  // namespace romp::session
