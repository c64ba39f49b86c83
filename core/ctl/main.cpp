// SPDX-License-Identifier: Apache-2.0
// rompctl: what an operator does beside the server.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>

#include "base/version.hpp"
#include "config/load.hpp"
#include "ctl/passwd.hpp"

namespace romp::ctl {
namespace {

constexpr int usage_error = 64;  // EX_USAGE of sysexits.h

struct Options {
  std::string config = "/etc/romp/romp.ini";
  std::vector<std::string> roles;
  bool no_role = false;
  PasswdOrder order;
};

/// As the configuration says, where the command line does not.
std::string file_of(const Options& options) {
  if (!options.order.file.empty()) return options.order.file;
  std::vector<config::Problem> problems;
  const auto settings = config::load(options.config, problems);
  if (!problems.empty()) throw std::runtime_error(config::to_string(problems.front()));
  if (settings.user_file.empty()) {
    throw std::runtime_error(options.config + " has no [server] user_file; say --file PATH");
  }
  return settings.user_file;
}

/// Fails as the tool's own words, never as the password's.
int run(Options& options, int (*act)(const PasswdOrder&)) {
  try {
    options.order.file = file_of(options);
    if (options.no_role || !options.roles.empty()) options.order.roles = options.roles;
    return act(options.order);
  } catch (const std::exception& error) {
    std::cerr << "rompctl: " << error.what() << '\n';
    return 1;
  }
}

void add_commands(CLI::App& app, Options& options, int& status) {
  CLI::App* const passwd = app.add_subcommand("passwd", "the users of the password file");
  passwd->require_subcommand(1);
  passwd->add_option("-c,--config", options.config, "where [server] user_file is said")
      ->type_name("FILE")
      ->capture_default_str();
  passwd->add_option("-f,--file", options.order.file, "the password file itself")
      ->type_name("FILE");
  const auto add = [&](const char* word, const char* help, int (*act)(const PasswdOrder&)) {
    CLI::App* const command = passwd->add_subcommand(word, help);
    command->add_option("NAME", options.order.name, "the user")->required();
    command->fallthrough();
    command->callback([&options, &status, act] { status = run(options, act); });
    return command;
  };
  CLI::App* const adding = add("add", "add a user, or give it another password", add_user);
  auto* const role = adding->add_option("-r,--role", options.roles,
                                        "a role it has; more than once for more of them; admin is "
                                        "the administrator's");
  adding->add_flag("--no-role", options.no_role, "take its roles away")->excludes(role);
  add("remove", "remove a user", remove_user);
  add("check", "say whether a password is the user's", check_user);
}

int run_program(int argc, char** argv) {
  CLI::App app("rompctl " + std::string(base::version) + ": what an operator does beside romp");
  app.set_version_flag("--version", "rompctl " + std::string(base::version), "print the version");
  app.require_subcommand(1);
  app.footer("A password is asked for without echo, or read from standard input: its first line.");
  Options options;
  int status = 0;
  add_commands(app, options, status);
  try {
    app.parse(argc, argv);
    return status;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : usage_error;
  }
}

}  // namespace
}  // namespace romp::ctl

int main(int argc, char** argv) { return romp::ctl::run_program(argc, argv); }
