// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "auth/authenticator.hpp"
#include "auth/permissions.hpp"
#include "broker/broker.hpp"
#include "config/settings.hpp"
#include "http/desk.hpp"
#include "http/environment.hpp"
#include "net/listener.hpp"
#include "net/worker.hpp"
#include "plugin/host.hpp"
#include "server/administration.hpp"
#include "server/admission.hpp"
#include "server/api_server.hpp"
#include "server/entrance.hpp"
#include "server/metrics.hpp"
#include "server/passed_sockets.hpp"
#include "server/port.hpp"
#include "server/statistics.hpp"
#include "session/environment.hpp"
#include "session/plugin_events.hpp"
#include "session/plugin_gateway.hpp"
#include "session/roster.hpp"

namespace romp::server {

/// The broker, put together: workers, listeners, destinations, plugins. One thread, the one that
/// runs the control context; plugins know it as [main].
class Server {
 public:
  /// `prober` is the program that tries plugins out (plugin/probe.hpp); empty: none does.
  Server(boost::asio::io_context& control, config::Settings settings,
         std::filesystem::path prober = {});
  /// Ends at once what has not ended.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Sockets that start() listens on instead of opening its own. Before start().
  void take_over(PassedSockets sockets) { passed_ = std::move(sockets); }

  /// Loads and starts the plugins, opens the ports. Returns what is wrong, one sentence each: then
  /// nothing is open. Problems with plugins count only with `on_error = stop`, else they are
  /// logged.
  std::vector<std::string> start();

  /// Takes new settings of TLS, users, permissions and plugins over while frames flow. Returns what
  /// is wrong with them: with TLS or users, then nothing is changed; with a plugin, then that
  /// plugin stays as it was. Says in the log what has changed, and what waits for a restart.
  std::vector<std::string> reload(const config::Settings& settings);
  /// What a plugin's wish to reload leads to. Called on the control thread.
  void on_reload_asked(std::function<void()> reload);

  /// What an administrator's wish to end the server leads to; `at_once` without draining. Called on
  /// the control thread.
  void on_end_asked(std::function<void(bool at_once)> end);

  /// Stops accepting and lets every connection write what waits; then, or after drain_timeout,
  /// calls `done`.
  void drain(std::function<void()> done);

  /// The ports in use, in the order of the settings.
  std::vector<std::uint16_t> ports() const;

  broker::Broker& broker() noexcept { return broker_; }
  plugin::Host& plugins() noexcept { return plugins_; }
  const std::vector<std::unique_ptr<net::Worker>>& workers() const noexcept { return workers_; }
  const std::vector<session::Roster*>& rosters() const noexcept { return roster_list_; }
  std::size_t connections() const noexcept;

 private:
  std::vector<std::string> open_listeners();
  void wait_until_drained(base::Time limit, std::function<void()> done);
  void sweep_loop();
  void statistics_loop();
  void make_worker(unsigned number);
  std::vector<std::string> load_certificates();
  void listen_on(Port& port, std::vector<std::string>& problems);
  void say_where(const Port& port, const net::Listener& listener) const;
  std::vector<std::pair<PortTls*, PortTls::Prepared>> prepare_tls(
      const config::Settings& settings, std::vector<std::string>& problems) const;
  std::unique_ptr<net::Listener> make_listener(Port& port);
  Entrance& least_loaded() const noexcept;
  void close_all();
  void stop();
  void let_administrate();
  std::vector<std::string> take_users_over(const config::Settings& settings);
  void on_every_worker(const std::function<void(unsigned)>& task);

  boost::asio::io_context& control_;
  const config::Settings settings_;
  const std::vector<config::ListenerSettings> listening_;
  std::vector<std::unique_ptr<Port>> ports_;  ///< as listening_
  Admission admission_;
  broker::Broker broker_;
  auth::Authenticator authenticator_;
  auth::Permissions permissions_;
  session::PluginGateway gateway_;
  plugin::Host plugins_;
  session::Environment environment_;
  session::PluginEvents plugin_events_;
  std::vector<std::unique_ptr<net::Worker>> workers_;
  std::vector<std::unique_ptr<session::Roster>> rosters_;
  std::vector<session::Roster*> roster_list_;
  http::Environment http_;
  std::vector<std::unique_ptr<http::Desk>> desks_;
  std::vector<std::unique_ptr<Entrance>> entrances_;
  Metrics metrics_;
  Administration administration_;
  ApiServer api_;
  Administration::Powers powers_;
  PassedSockets passed_;
  std::vector<std::unique_ptr<net::Listener>> listeners_;
  Statistics statistics_;
  boost::asio::steady_timer sweep_timer_;
  boost::asio::steady_timer statistics_timer_;
  boost::asio::steady_timer drain_timer_;
  bool running_ = false;
  std::atomic<bool> takes_clients_{false};
};

}  // namespace romp::server
