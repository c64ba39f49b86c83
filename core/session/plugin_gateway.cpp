// SPDX-License-Identifier: Apache-2.0
#include "session/plugin_gateway.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "broker/refused.hpp"
#include "session/compose.hpp"
#include "session/session.hpp"

namespace romp::session {
namespace {

romp_status status_of(broker::Refused::Why why) {
  switch (why) {
    case broker::Refused::Why::full:
    case broker::Refused::Why::limit:
      return ROMP_E_AGAIN;
    case broker::Refused::Why::too_large:
      return ROMP_E_TOOBIG;
    case broker::Refused::Why::bad_name:
      return ROMP_E_INVAL;
    case broker::Refused::Why::unknown:
    case broker::Refused::Why::not_allowed:
      break;
  }
  return ROMP_E_NOTFOUND;
}

/// A frame that waits for its worker.
struct OwnedFrame {
  explicit OwnedFrame(const plugin::Outgoing& from)
      : command(from.command), destination(from.destination), body(from.body) {
    for (const auto& h : from.headers) headers.emplace_back(h.name, h.value);
  }

  void send(Connection& connection) const {
    std::vector<stomp::Header> views;
    for (const auto& [name, value] : headers) views.push_back({name, value});
    connection.send_for_plugin({command, destination, views, body, nullptr});
  }

  stomp::Command command;
  std::string destination;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

}  // namespace

PluginGateway::PluginGateway(broker::Broker& broker, const config::Settings& settings)
    : broker_(broker), settings_(settings), pool_(settings.pool_threads) {}

void PluginGateway::stop() { pool_.join(); }

Roster* PluginGateway::roster_of(romp_session_id session) const noexcept {
  const unsigned worker = Roster::worker_of(session);
  return session != 0 && worker < rosters_.size() ? rosters_[worker] : nullptr;
}

Roster& PluginGateway::next_roster() noexcept {
  return *rosters_[turn_.fetch_add(1, std::memory_order_relaxed) % rosters_.size()];
}

romp_status PluginGateway::publish(const plugin::Outgoing& from) {
  try {
    auto to = broker_.find(from.destination);
    const auto message = compose({to->name(), from.headers, from.body, from.body_owner, false});
    while (to->publish(message, nullptr) == broker::Published::gone) {
      to = broker_.find(from.destination);
    }
    return ROMP_OK;
  } catch (const broker::Refused& refused) {
    return status_of(refused.why());
  }
}

/// On another worker nobody knows whether the session still lives, or has room: it is sent for.
romp_status PluginGateway::send_to_session(romp_session_id session, const plugin::Outgoing& frame) {
  Roster* const roster = roster_of(session);
  if (roster == nullptr) return ROMP_E_GONE;
  if (Roster* const here = Roster::in_turn()) {
    if (const auto connection = here->find(session)) {
      if (!connection->is_open()) return ROMP_E_GONE;
      if (connection->is_over_limit()) return ROMP_E_AGAIN;
      connection->send_for_plugin(frame);
      return ROMP_OK;
    }
  }
  if (!roster->is_alive(session)) return ROMP_E_GONE;
  roster->post_to(session, [owned = OwnedFrame(frame)](Connection& to) { owned.send(to); });
  return ROMP_OK;
}

romp_status PluginGateway::close_session(romp_session_id session, bool at_once,
                                         std::string_view reason) {
  Roster* const roster = roster_of(session);
  if (roster == nullptr || !roster->is_alive(session)) return ROMP_E_GONE;
  roster->post_to(session, [at_once, reason = std::string(reason)](Connection& connection) {
    if (!connection.is_open()) return;
    if (at_once) {
      connection.close();
    } else {
      connection.end_by_server(reason);
    }
  });
  return ROMP_OK;
}

romp_status PluginGateway::resume(romp_session_id session, romp_defer_id id,
                                  plugin::Resumption how) {
  Roster* const roster = roster_of(session);
  if (roster == nullptr) return ROMP_E_GONE;
  roster->post_to(
      session, [id, how = std::move(how)](Connection& connection) { connection.resume(id, how); });
  return ROMP_OK;
}

void PluginGateway::on_worker(std::function<void()> task) { next_roster().post(std::move(task)); }

void PluginGateway::on_pool(std::function<void()> task) {
  boost::asio::post(pool_, std::move(task));
}

std::function<void()> PluginGateway::after(base::Duration delay, std::function<void()> task) {
  Roster& roster = next_roster();
  const auto timer = std::make_shared<boost::asio::steady_timer>(roster.worker().context());
  roster.post([timer, delay, task = std::move(task), &roster]() mutable {
    timer->expires_after(delay);
    timer->async_wait([timer, task = std::move(task), &roster](const boost::system::error_code& e) {
      if (e) return;
      const Roster::Turn turn(roster);
      task();
    });
  });
  return [timer, &roster] { roster.post([timer] { timer->cancel(); }); };
}

}  // namespace romp::session
