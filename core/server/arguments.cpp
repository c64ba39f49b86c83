// SPDX-License-Identifier: Apache-2.0
#include "server/arguments.hpp"

#include <CLI/CLI.hpp>

#include "base/version.hpp"
#include "config/print.hpp"

namespace romp::server {

std::optional<Arguments> read_arguments(int argc, char** argv, int& exit_code) {
  Arguments arguments;
  CLI::App app("romp " + std::string(base::version) +
               ": a messaging server for STOMP, and a host for plugins");
  app.set_version_flag("--version", "romp " + std::string(base::version), "print the version");
  app.add_option("-c,--config", arguments.config, "the configuration")->type_name("FILE");
  app.add_flag("--check-config", arguments.check_config,
               "list all problems of the configuration, and end; changes nothing");
  app.add_flag("--print-config", arguments.print_config, "print the settings in force, and end");
  app.add_option("--explain-permission", arguments.explain,
                 "say whether USER may read, write, create or admin a destination, and which line "
                 "of the configuration says so; and end")
      ->type_name("USER VERB DESTINATION")
      ->expected(3);
  app.footer([] {
    return "Signals: TERM and INT drain and end, a second one ends at once; HUP reads users, "
           "permissions and plugins again.\n\nOptions of the "
           "configuration:\n\n" +
           config::print_options_help();
  });
  try {
    app.parse(argc, argv);
    return arguments;
  } catch (const CLI::ParseError& error) {
    exit_code = app.exit(error) == 0 ? 0 : 64;
    return std::nullopt;
  }
}

}  // namespace romp::server
