// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <string_view>

#include "base/log.hpp"
#include "base/version.hpp"
#include "check/file_check.hpp"
#include "check/report.hpp"
#include "check/trial.hpp"

namespace romp::check {
namespace {

constexpr int refused = 1;
constexpr int wrong_usage = 64;

struct Arguments {
  std::vector<std::string> files;
  std::vector<std::string> settings;
  bool json = false;
  bool only_look = false;
  unsigned seconds = 60;
  Wishes wishes;
};

void declare(CLI::App& app, Arguments& a) {
  app.set_version_flag("--version", "romp-plugin-check " + std::string(base::version));
  app.add_option("FILE", a.files, "plugins to check")->required();
  app.add_option("--set", a.settings, "KEY=VALUE, a setting of the plugin")
      ->allow_extra_args(false);
  app.add_flag("--static", a.only_look, "run nothing of the file");
  app.add_flag("--keys", a.wishes.keys, "list the keys of its section");
  app.add_flag("--chain", a.wishes.chain, "list its filters");
  app.add_flag("--bench", a.wishes.bench, "measure its filters");
  app.add_flag("--json", a.json, "print JSON");
  app.add_option("--seed", a.wishes.seed, "of the random frames");
  app.add_option("--limit", a.seconds, "seconds that a plugin has (60)");
  app.footer(
      "Looks at each file as the broker does, without running any of it; then, in a process of\n"
      "its own, makes an instance, feeds its filters with what clients may send, and ends it.\n"
      "Exit status: 0 when all are good, 1 when one is refused, 64 for a wrong command line.");
}

bool take_settings(Arguments& a) {
  for (const auto& text : a.settings) {
    const auto at = text.find('=');
    if (at == text.npos || at == 0) {
      std::cerr << "--set " << text << ": expected KEY=VALUE\n";
      return false;
    }
    a.wishes.settings[text.substr(0, at)] = text.substr(at + 1);
  }
  a.wishes.limit = std::chrono::seconds(a.seconds);
  return true;
}

int run(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == trial_argument) return trial_main();
  base::log::set_least(base::log::Level::error);
  Arguments a;
  CLI::App app("Checks romp plugins");
  declare(app, a);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : wrong_usage;
  }
  if (!take_settings(a)) return wrong_usage;
  std::vector<Report> reports;
  bool good = true;
  for (const auto& file : a.files) {
    auto& report = reports.emplace_back();
    report.file = file;
    if (look_at(file, report).ok() && !a.only_look) run_trial(file, a.wishes, report);
    good = good && report.is_good();
    if (!a.json) std::cout << to_text(report);
  }
  if (a.json) std::cout << to_json(reports);
  return good ? 0 : refused;
}

}  // namespace
}  // namespace romp::check

int main(int argc, char** argv) {
  const int code = romp::check::run(argc, argv);
  std::cout.flush();
  std::cerr.flush();
  ::_exit(code);  // without the static destructors of a plugin
}
