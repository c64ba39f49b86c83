// SPDX-License-Identifier: Apache-2.0
#include "server/server.hpp"

#include <algorithm>
#include <latch>
#include <thread>

#include "base/log.hpp"
#include "base/version.hpp"
#include "config/options.hpp"

namespace romp::server {
namespace {

constexpr auto sweep_every = std::chrono::seconds(1);
constexpr auto look_every = std::chrono::milliseconds(20);

config::Settings completed(config::Settings settings) {
  if (settings.workers == 0) {
    settings.workers = std::clamp<std::size_t>(std::thread::hardware_concurrency() / 2, 1, 256);
  }
  const auto is_statistics = [](const auto& d) { return d.name == statistics_destination; };
  if (std::ranges::none_of(settings.destinations, is_statistics)) {
    config::DestinationSettings destination;
    destination.name = statistics_destination;
    destination.write_block = true;
    settings.destinations.push_back(destination);
  }
  return settings;
}

}  // namespace

Server::Server(boost::asio::io_context& control, config::Settings settings,
               std::filesystem::path prober)
    : control_(control),
      settings_(completed(std::move(settings))),
      broker_(settings_),
      authenticator_(settings_),
      gateway_(broker_, settings_),
      plugins_(settings_, gateway_, std::move(prober)),
      environment_(settings_, broker_, authenticator_, plugins_),
      plugin_events_(plugins_),
      statistics_(broker_, roster_list_),
      sweep_timer_(control),
      statistics_timer_(control),
      drain_timer_(control) {
  for (unsigned i = 0; i < settings_.workers; ++i) {
    workers_.push_back(std::make_unique<net::Worker>(i));
    rosters_.push_back(std::make_unique<session::Roster>(*workers_.back(), environment_));
    roster_list_.push_back(rosters_.back().get());
  }
  gateway_.set_rosters(roster_list_);
  broker_.set_observer(&plugin_events_);
}

Server::~Server() { stop(); }

std::vector<std::string> Server::start() {
  auto problems = plugins_.load();
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

std::vector<std::string> Server::open_listeners() {
  std::vector<std::string> problems;
  for (const auto port : settings_.ports) {
    const bool admin = port == settings_.admin_port && port != 0;
    const auto& address = admin ? settings_.admin_bind_address : settings_.bind_address;
    try {
      listeners_.push_back(std::make_unique<net::Listener>(
          workers_.front()->context(), address, port,
          [this](int descriptor, bool is_v6) { least_loaded().adopt(descriptor, is_v6); }));
    } catch (const std::runtime_error& error) {
      problems.push_back(error.what());
    }
  }
  if (!problems.empty()) return problems;
  for (const auto& listener : listeners_) {
    workers_.front()->post([&listener] { listener->start(); });
    base::log::info("romp " + std::string(base::version) + " listens on " + listener->place());
  }
  return {};
}

session::Roster& Server::least_loaded() const noexcept {
  return **std::ranges::min_element(roster_list_, {}, &session::Roster::size);
}

std::vector<std::uint16_t> Server::ports() const {
  std::vector<std::uint16_t> ports;
  for (const auto& listener : listeners_) ports.push_back(listener->port());
  return ports;
}

std::size_t Server::connections() const noexcept {
  std::size_t sum = 0;
  for (const auto* roster : roster_list_) sum += roster->size();
  return sum;
}

void Server::sweep_loop() {
  sweep_timer_.expires_after(sweep_every);
  sweep_timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    broker_.sweep();
    plugins_.tend();
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

std::vector<std::string> Server::reload(const config::Settings& settings) {
  const auto done = plugins_.reload(settings);
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
  gateway_.on_reload([this, reload = std::move(reload)] { boost::asio::post(control_, reload); });
}

void Server::drain(std::function<void()> done) {
  plugins_.tell({.type = ROMP_EV_SERVER_DRAINING});
  base::log::info("draining: " + std::to_string(connections()) + " connections");
  workers_.front()->post([this] {
    for (const auto& listener : listeners_) listener->stop();
  });
  for (auto* roster : roster_list_) roster->post([roster] { roster->finish_all(); });
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
void Server::on_every_worker(const std::function<void(session::Roster&)>& task) {
  std::latch finished(static_cast<std::ptrdiff_t>(roster_list_.size()));
  for (auto* roster : roster_list_) {
    roster->post([&, roster] {
      task(*roster);
      finished.count_down();
    });
  }
  finished.wait();
}

/// Sessions end before plugins, plugins before workers: whoever still calls finds somebody there.
void Server::stop() {
  if (!running_) return;
  running_ = false;
  sweep_timer_.cancel();
  statistics_timer_.cancel();
  drain_timer_.cancel();
  on_every_worker([this](session::Roster& roster) {
    if (&roster == roster_list_.front()) {
      for (const auto& listener : listeners_) listener->stop();
    }
    roster.close_all();
  });
  plugins_.stop();
  gateway_.stop();
  on_every_worker([](session::Roster& roster) { roster.close_all(); });
  for (const auto& worker : workers_) worker->stop();
}

}  // namespace romp::server
