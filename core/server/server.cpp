// SPDX-License-Identifier: Apache-2.0
#include "server/server.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <iterator>
#include <latch>
#include <thread>

#include "auth/password_file.hpp"
#include "base/log.hpp"
#include "base/version.hpp"
#include "config/listeners.hpp"
#include "config/options.hpp"
#include "stomp/frame_cutter.hpp"

namespace romp::server {
namespace {

constexpr auto sweep_every = std::chrono::seconds(1);
constexpr auto look_every = std::chrono::milliseconds(20);

/// Half of the processors, but two where there are two.
std::size_t usual_workers() {
  const std::size_t processors = std::max(std::thread::hardware_concurrency(), 1U);
  return std::clamp<std::size_t>(processors / 2, std::min<std::size_t>(processors, 2), 256);
}

config::Settings completed(config::Settings settings) {
  if (settings.workers == 0) settings.workers = usual_workers();
  const auto is_statistics = [](const auto& d) { return d.name == statistics_destination; };
  if (std::ranges::none_of(settings.destinations, is_statistics)) {
    config::DestinationSettings destination;
    destination.name = statistics_destination;
    destination.write_block = true;
    settings.destinations.push_back(destination);
  }
  return settings;
}

/// Frames become messages of WebSockets.
net::Cut cut_frame(std::span<const iovec> pieces) {
  const stomp::FirstFrame first = stomp::find_first_frame(pieces);
  return {first.octets, first.is_whole, first.is_utf8};
}

}  // namespace

Server::Server(boost::asio::io_context& control, config::Settings settings,
               std::filesystem::path prober)
    : control_(control),
      settings_(completed(std::move(settings))),
      listening_(config::all_listeners(settings_)),
      admission_(settings_),
      broker_(settings_),
      authenticator_(settings_),
      permissions_(settings_.permissions),
      gateway_(broker_, settings_),
      plugins_(settings_, gateway_, std::move(prober)),
      environment_(settings_, broker_, authenticator_, permissions_, plugins_),
      plugin_events_(plugins_),
      http_{settings_,
            plugins_,
            environment_.server_header,
            cut_frame,
            [this] { return metrics_.page(); },
            [this] { return takes_clients_.load() && gateway_.reaches_all_required(); },
            {},
            [this] { return authenticator_.is_required(); }},
      metrics_({settings_, broker_, plugins_, authenticator_, http_, roster_list_, desks_,
                entrances_, ports_, admission_}),
      administration_({settings_, broker_, plugins_, gateway_, statistics_, roster_list_,
                       [this] { return this->ports(); },
                       [this](const auto& task) { on_every_worker(task); }}),
      api_(control, authenticator_, permissions_, administration_, settings_),
      statistics_(broker_, roster_list_),
      sweep_timer_(control),
      statistics_timer_(control),
      drain_timer_(control) {
  for (const auto& listening : listening_) ports_.push_back(std::make_unique<Port>(listening));
  for (unsigned i = 0; i < settings_.workers; ++i) make_worker(i);
  gateway_.set_rosters(roster_list_);
  let_administrate();
  broker_.set_observer(&plugin_events_);
}

/// A worker, and all who have their clients there.
void Server::make_worker(unsigned number) {
  auto& worker = *workers_.emplace_back(std::make_unique<net::Worker>(number));
  auto& roster =
      *rosters_.emplace_back(std::make_unique<session::Roster>(worker, environment_, roster_list_));
  roster_list_.push_back(&roster);
  const auto upgraded = [this, number](auto socket, const config::ListenerSettings& listener) {
    entrances_[number]->upgraded(std::move(socket), listener);
  };
  const auto in_turn = [&roster](const std::function<void()>& task) {
    const session::Roster::Turn turn(roster);
    task();
  };
  auto& desk = *desks_.emplace_back(
      std::make_unique<http::Desk>(worker, http_, http::Desk::Above{upgraded, in_turn}));
  entrances_.push_back(std::make_unique<Entrance>(worker, roster, desk, settings_));
}

Server::~Server() { stop(); }

std::vector<std::string> Server::start() {
  auto problems = load_certificates();
  if (problems.empty()) problems = take_users_over(settings_);
  if (!problems.empty()) return problems;
  problems = plugins_.load();
  for (const auto& worker : workers_) worker->start();
  running_ = true;
  if (problems.empty() || settings_.on_plugin_error == config::OnPluginError::skip) {
    auto failed = plugins_.start();
    problems.insert(problems.end(), failed.begin(), failed.end());
  }
  if (settings_.on_plugin_error == config::OnPluginError::skip) {
    for (const auto& p : problems) base::log::error("plugin skipped: " + p);
    problems.clear();
  }
  if (problems.empty()) problems = open_listeners();
  if (!problems.empty()) {
    stop();
    return problems;
  }
  for (const auto& line : plugins_.lines()) base::log::info(line);
  plugins_.tell({.type = ROMP_EV_SERVER_READY});
  sweep_loop();
  statistics_loop();
  return {};
}

/// Users, credentials and permissions; where the password file has problems, all stays as it was.
std::vector<std::string> Server::take_users_over(const config::Settings& settings) {
  std::vector<config::Problem> problems;
  std::vector<config::Problem> warnings;
  auth::Users users;
  if (!settings.user_file.empty()) {
    users = auth::load_password_file(settings.user_file, problems, warnings);
  }
  std::vector<std::string> said;
  for (const auto& problem : problems) said.push_back(config::to_string(problem));
  if (!said.empty()) return said;
  for (const auto& warning : warnings) base::log::warning(config::to_string(warning));
  authenticator_.replace(settings, std::move(users));
  permissions_.replace(settings.permissions);
  if (running_) on_every_worker([this](unsigned i) { roster_list_[i]->renew_access(); });
  return {};
}

std::vector<std::string> Server::load_certificates() {
  std::vector<std::string> problems;
  for (const auto& port : ports_) {
    if (!port->tls) continue;
    if (auto prepared = port->tls->prepare(problems)) port->tls->take(std::move(*prepared));
  }
  return problems;
}

std::vector<std::string> Server::open_listeners() {
  std::vector<std::string> problems;
  for (const auto& port : ports_) listen_on(*port, problems);
  std::ranges::move(passed_.not_taken(), std::back_inserter(problems));
  if (!problems.empty()) return problems;
  for (std::size_t i = 0; i < listeners_.size(); ++i) {
    net::Listener& listener = *listeners_[i];
    workers_.front()->post([&listener] { listener.start(); });
    say_where(*ports_[i], listener);
  }
  takes_clients_ = true;
  return {};
}

void Server::say_where(const Port& port, const net::Listener& listener) const {
  const bool is_named =
      std::ranges::find(settings_.listeners, port.settings.name, &config::ListenerSettings::name) !=
      settings_.listeners.end();
  std::string line = "romp " + std::string(base::version) + " listens on " + listener.place();
  if (is_named) line += " (" + port.settings.name + ")";
  if (port.tls) line += ", TLS, certificate until " + day_of(port.tls->context()->expires());
  base::log::info(line);
}

void Server::listen_on(Port& port, std::vector<std::string>& problems) {
  try {
    listeners_.push_back(make_listener(port));
  } catch (const std::runtime_error& error) {
    problems.push_back(error.what());
  }
}

std::unique_ptr<net::Listener> Server::make_listener(Port& port) {
  const auto take = [this, &port](int descriptor, const sockaddr_storage& peer) {
    auto decision = admission_.admit(peer, port);
    least_loaded().arrive(
        {descriptor, peer.ss_family == AF_INET6, port, std::move(decision.toll), decision.refusal});
  };
  auto& context = workers_.front()->context();
  const auto& settings = port.settings;
  const net::Listener::Wish wish{settings.address, settings.port, settings.accept_rate};
  if (const auto open = passed_.take(settings.address, settings.port)) {
    return std::make_unique<net::Listener>(context, wish, net::Listener::OpenSocket{*open}, take);
  }
  return std::make_unique<net::Listener>(context, wish, take);
}

Entrance& Server::least_loaded() const noexcept {
  return **std::ranges::min_element(entrances_, {},
                                    [](const auto& entrance) { return entrance->load(); });
}

std::vector<std::uint16_t> Server::ports() const {
  std::vector<std::uint16_t> ports;
  for (const auto& listener : listeners_) ports.push_back(listener->port());
  return ports;
}

std::size_t Server::connections() const noexcept {
  std::size_t sum = 0;
  for (const auto& entrance : entrances_) sum += entrance->load();
  return sum;
}

void Server::sweep_loop() {
  sweep_timer_.expires_after(sweep_every);
  sweep_timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    broker_.sweep();
    plugins_.tend();
    admission_.sweep();
    for (const auto& port : ports_) {
      if (port->tls) port->tls->tend();
    }
    sweep_loop();
  });
}

void Server::statistics_loop() {
  statistics_timer_.expires_after(settings_.stats_interval);
  statistics_timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    statistics_.publish();
    statistics_loop();
  });
}

/// The files of TLS as the new settings name them, for each port that has TLS and keeps it.
std::vector<std::pair<PortTls*, PortTls::Prepared>> Server::prepare_tls(
    const config::Settings& settings, std::vector<std::string>& problems) const {
  std::vector<std::pair<PortTls*, PortTls::Prepared>> all;
  for (const auto& port : ports_) {
    const auto at =
        std::ranges::find(settings.listeners, port->settings.name, &config::ListenerSettings::name);
    if (!port->tls || at == settings.listeners.end() || !at->tls.enabled) continue;
    if (auto prepared = port->tls->prepare(at->tls, problems)) {
      all.emplace_back(port->tls.get(), std::move(*prepared));
    } else {
      ++port->tls->failed_loads;
    }
  }
  return all;
}

std::vector<std::string> Server::reload(const config::Settings& settings) {
  std::vector<std::string> problems;
  auto prepared = prepare_tls(settings, problems);
  if (problems.empty()) problems = take_users_over(settings);
  if (!problems.empty()) {
    for (const auto& text : problems) base::log::error("reload: " + text);
    base::log::error("reload: nothing has been changed");
    return problems;
  }
  const auto done = plugins_.reload(settings);
  for (auto& [tls, ready] : prepared) tls->take(std::move(ready));
  for (const auto& text : done.changes) base::log::info("reload: " + text);
  for (const auto& text : done.problems) base::log::error("reload: " + text);
  for (const auto& option : config::needs_restart(settings_, completed(settings))) {
    base::log::warning("reload: " + option + " takes effect at the next start");
  }
  base::log::info("reloaded: " + std::to_string(done.changes.size()) + " changes, " +
                  std::to_string(done.problems.size()) + " problems");
  return done.problems;
}

void Server::on_reload_asked(std::function<void()> reload) {
  powers_.reload = [this, reload] { boost::asio::post(control_, reload); };
  gateway_.on_reload(powers_.reload);
  administration_.set_powers(powers_);
}

void Server::on_end_asked(std::function<void(bool)> end) {
  powers_.drain = [this, end] { boost::asio::post(control_, [end] { end(false); }); };
  powers_.kill = [this, end] { boost::asio::post(control_, [end] { end(true); }); };
  administration_.set_powers(powers_);
}

/// What is asked for on a worker is done on the control thread.
void Server::let_administrate() {
  if (settings_.enable_admin || settings_.enable_console) {
    http_.api = [this](http::ApiRequest request, auto done) {
      api_.serve(std::move(request), std::move(done));
    };
  }
  if (!settings_.enable_admin) return;
  environment_.administer = [this](session::AdminOrder order, auto done) {
    boost::asio::post(control_, [this, order = std::move(order), done = std::move(done)] {
      done(administration_.act(order));
    });
  };
}

void Server::drain(std::function<void()> done) {
  plugins_.tell({.type = ROMP_EV_SERVER_DRAINING});
  base::log::info("draining: " + std::to_string(connections()) + " connections");
  workers_.front()->post([this] {
    for (const auto& listener : listeners_) listener->stop();
  });
  takes_clients_ = false;
  for (unsigned i = 0; i < workers_.size(); ++i) {
    roster_list_[i]->post([this, i] {
      entrances_[i]->close_all();
      desks_[i]->finish_all();
      roster_list_[i]->finish_all();
    });
  }
  wait_until_drained(base::Clock::now() + settings_.drain_timeout, std::move(done));
}

void Server::wait_until_drained(base::Time limit, std::function<void()> done) {
  if (connections() == 0 || base::Clock::now() >= limit) {
    done();
    return;
  }
  drain_timer_.expires_after(look_every);
  drain_timer_.async_wait([this, limit, done = std::move(done)](const auto& error) mutable {
    if (!error) wait_until_drained(limit, std::move(done));
  });
}

/// Runs the task on each worker and waits until all have done it.
void Server::on_every_worker(const std::function<void(unsigned)>& task) {
  std::latch finished(static_cast<std::ptrdiff_t>(roster_list_.size()));
  for (unsigned i = 0; i < roster_list_.size(); ++i) {
    roster_list_[i]->post([&, i] {
      task(i);
      finished.count_down();
    });
  }
  finished.wait();
}

void Server::close_all() {
  on_every_worker([this](unsigned i) {
    entrances_[i]->close_all();
    desks_[i]->close_all();
    roster_list_[i]->close_all();
  });
}

/// Sessions end before plugins, plugins before workers: whoever still calls finds somebody there.
void Server::stop() {
  if (!running_) return;
  running_ = false;
  takes_clients_ = false;
  sweep_timer_.cancel();
  statistics_timer_.cancel();
  drain_timer_.cancel();
  on_every_worker([this](unsigned i) {
    if (i != 0) return;
    for (const auto& listener : listeners_) listener->stop();
  });
  close_all();
  plugins_.stop();
  gateway_.stop();
  authenticator_.stop();
  close_all();
  for (const auto& worker : workers_) worker->stop();
}

}  // namespace romp::server
