// SPDX-License-Identifier: Apache-2.0
#include "support/test_server.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <csignal>
#include <future>
#include <thread>

#include "base/log.hpp"
#include "server/server.hpp"
#include "session/roster.hpp"
#include "support/failure.hpp"

namespace romp::support {
namespace {

config::DestinationSettings named(std::string_view name, config::DestinationType type) {
  config::DestinationSettings settings;
  settings.name = name;
  settings.type = type;
  return settings;
}

}  // namespace

config::Settings test_settings() {
  config::Settings settings;
  settings.ports = {0};
  settings.workers = 1;
  return settings;
}

config::DestinationSettings queue_named(std::string_view name) {
  return named(name, config::DestinationType::queue);
}

config::DestinationSettings topic_named(std::string_view name) {
  return named(name, config::DestinationType::topic);
}

struct TestServer::Running {
  explicit Running(config::Settings settings)
      : server(std::make_unique<server::Server>(control, std::move(settings))) {}

  /// The life of the control thread. The server ends on it, as in the daemon.
  void run(std::promise<std::vector<std::string>>& started) {
    const auto work = boost::asio::make_work_guard(control);
    started.set_value(server->start());
    control.run();
    server.reset();
  }

  boost::asio::io_context control{1};
  std::unique_ptr<server::Server> server;
  std::uint16_t port = 0;
  std::thread thread;
};

TestServer::TestServer(config::Settings settings) {
  base::log::set_least(base::log::Level::error);
  std::signal(SIGPIPE, SIG_IGN);  // as the daemon does
  running_ = std::make_unique<Running>(std::move(settings));
  std::promise<std::vector<std::string>> started;
  running_->thread = std::thread([&] { running_->run(started); });
  const auto problems = started.get_future().get();
  if (problems.empty()) {
    running_->port = running_->server->ports().front();
    return;
  }
  running_->control.stop();
  running_->thread.join();
  throw Failure("the server does not start: " + problems.front());
}

TestServer::~TestServer() {
  running_->control.stop();
  running_->thread.join();
}

std::uint16_t TestServer::port() const noexcept { return running_->port; }

std::uint16_t TestServer::port(std::size_t index) const {
  return running_->server->ports().at(index);
}

StompClient TestServer::connect(std::string_view version, const Headers& more) const {
  StompClient client(port());
  client.connect(version, more);
  return client;
}

broker::Broker& TestServer::broker() noexcept { return running_->server->broker(); }

broker::Counts TestServer::counts(std::string_view destination) {
  const auto found = broker().find_existing(destination);
  if (!found) throw Failure("there is no destination " + std::string(destination));
  return found->counts();
}

std::size_t TestServer::connections() const noexcept { return running_->server->connections(); }

std::uint64_t TestServer::moves() const noexcept {
  std::uint64_t moves = 0;
  for (auto* roster : running_->server->rosters()) moves += roster->counters().moves.value();
  return moves;
}

unsigned worker_of(const StompClient& client) {
  const std::string& session = client.session();
  return session::Roster::worker_of(std::stoull(session.substr(session.rfind('-') + 1)));
}

}  // namespace romp::support
