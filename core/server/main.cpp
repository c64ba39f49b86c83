// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <filesystem>
#include <iostream>

#include "auth/password_file.hpp"
#include "base/log.hpp"
#include "config/load.hpp"
#include "config/print.hpp"
#include "plugin/probe.hpp"
#include "plugin/stuck.hpp"
#include "server/arguments.hpp"
#include "server/explain.hpp"
#include "server/passed_sockets.hpp"
#include "server/port_tls.hpp"
#include "server/process.hpp"
#include "server/server.hpp"
#include "server/supervisor.hpp"

namespace romp::server {
namespace {

constexpr int bad_configuration = 78;  // EX_CONFIG of sysexits.h
constexpr const char* installed_config = "/etc/romp/romp.ini";

std::string path_of(const Arguments& arguments) {
  if (!arguments.config.empty()) return arguments.config;
  return std::filesystem::exists(installed_config) ? installed_config : "";
}

/// Nothing where there are problems: they have been printed.
std::optional<config::Settings> load_settings(const std::string& path) {
  if (path.empty()) return config::Settings{};
  std::vector<config::Problem> problems;
  auto settings = config::load(path, problems);
  for (const auto& problem : problems) std::cerr << config::to_string(problem) << '\n';
  if (!problems.empty()) return std::nullopt;
  return settings;
}

/// Reads the files of TLS, and prints what is wrong with them.
bool check_tls(const config::Settings& settings) {
  const auto problems = problems_of_tls(settings);
  for (const auto& problem : problems) std::cerr << problem << '\n';
  return problems.empty();
}

/// The password file; nothing where there are problems: they have been printed.
std::optional<auth::Users> load_users(const config::Settings& settings) {
  if (settings.user_file.empty()) return auth::Users{};
  std::vector<config::Problem> problems;
  std::vector<config::Problem> warnings;
  auto users = auth::load_password_file(settings.user_file, problems, warnings);
  for (const auto& warning : warnings) std::cerr << config::to_string(warning) << " (warning)\n";
  for (const auto& problem : problems) std::cerr << config::to_string(problem) << '\n';
  if (!problems.empty()) return std::nullopt;
  return users;
}

/// What only looks at the configuration; nothing: the server is to run.
std::optional<int> answer_about(const config::Settings& settings, const Arguments& arguments) {
  if (arguments.print_config) std::cout << config::print_config(settings);
  if (!arguments.check_config && arguments.explain.empty()) {
    return arguments.print_config ? std::optional(0) : std::nullopt;
  }
  const auto users = load_users(settings);
  const bool tls_is_good = !arguments.check_config || check_tls(settings);
  if (!users || !tls_is_good) return bad_configuration;
  if (!arguments.explain.empty()) {
    return explain_permission(settings, *users, arguments.explain, std::cout, std::cerr);
  }
  std::cout << "the configuration is good\n";
  return 0;
}

/// The first signal drains, the second ends at once.
void wait_for_signal(boost::asio::signal_set& signals, Server& server, Supervisor& supervisor,
                     boost::asio::io_context& control) {
  signals.async_wait([&](const boost::system::error_code& error, int) {
    if (error) return;
    supervisor.stopping();
    server.drain([&] { control.stop(); });
    signals.async_wait([&](const boost::system::error_code& again, int) {
      if (!again) control.stop();
    });
  });
}

std::string status_of(const Server& server) {
  return "Takes clients on " + std::to_string(server.ports().size()) + " ports";
}

/// What is wrong with the new configuration leaves the old one in force.
void reload(Server& server, Supervisor& supervisor, const std::string& path) {
  base::log::info("reading " + path + " again");
  supervisor.reloading();
  std::vector<config::Problem> problems;
  const auto settings = config::load(path, problems);
  for (const auto& problem : problems) base::log::error("reload: " + config::to_string(problem));
  if (problems.empty()) {
    server.reload(settings);
  } else {
    base::log::error("reload: nothing has been changed");
  }
  supervisor.ready(status_of(server));
}

void reload_at_signal(boost::asio::signal_set& hang_up, Server& server, Supervisor& supervisor,
                      const std::string& path) {
  hang_up.async_wait([&](const boost::system::error_code& error, int) {
    if (error) return;
    if (path.empty()) {
      base::log::warning("SIGHUP: there is no configuration file to read again");
    } else {
      reload(server, supervisor, path);
    }
    reload_at_signal(hang_up, server, supervisor, path);
  });
}

int serve(const config::Settings& settings, const std::string& path) {
  base::log::start("romp", base::log::level_named(settings.log_level),
                   settings.log_json ? base::log::Format::json : base::log::Format::text);
  std::signal(SIGPIPE, SIG_IGN);
  plugin::report_crashes();
  raise_open_files(settings.rlimit_nofile);
  auto passed = PassedSockets::of_environment();
  boost::asio::io_context control(1);
  boost::asio::signal_set signals(control, SIGTERM, SIGINT);
  boost::asio::signal_set hang_up(control, SIGHUP);
  {
    Server server(control, settings, "/proc/self/exe");
    Supervisor supervisor(control, server.workers());
    server.on_end_asked(
        [&](bool at_once) { at_once ? control.stop() : (void)std::raise(SIGTERM); });
    if (!path.empty()) server.on_reload_asked([&] { reload(server, supervisor, path); });
    server.take_over(std::move(passed));
    const auto problems = server.start();
    for (const auto& problem : problems) std::cerr << problem << '\n';
    if (!problems.empty()) return bad_configuration;
    const PidFile pid_file(settings.pid_file);
    wait_for_signal(signals, server, supervisor, control);
    reload_at_signal(hang_up, server, supervisor, path);
    supervisor.ready(status_of(server));
    control.run();
  }
  base::log::info("romp has ended");
  return 0;
}

int run(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == plugin::probe_argument) return plugin::run_probe();
  int exit_code = 0;
  const auto arguments = read_arguments(argc, argv, exit_code);
  if (!arguments) return exit_code;
  const auto path = path_of(*arguments);
  const auto settings = load_settings(path);
  if (!settings) return bad_configuration;
  if (const auto answered = answer_about(*settings, *arguments)) return *answered;
  return serve(*settings, path);
}

}  // namespace
}  // namespace romp::server

/// Ends without static destructors: those of a plugin must not run after the host has gone.
int main(int argc, char** argv) {
  const int code = romp::server::run(argc, argv);
  romp::base::log::flush();
  std::cout.flush();
  std::cerr.flush();
  ::_exit(code);
}
