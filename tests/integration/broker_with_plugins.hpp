// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "integration/server_test.hpp"
#include "support/broker_process.hpp"
#include "support/temporary_directory.hpp"

namespace romp::integration {

namespace fs = std::filesystem;
using support::BrokerProcess;

/// A broker with plugins whose configuration a test changes while it runs.
class BrokerWithPlugins : public testing::Test {
 protected:
  BrokerWithPlugins() { fs::permissions(plugins, fs::perms::owner_all); }

  void install(const std::string& file) const {
    const fs::path from = fs::path(ROMP_PLUGIN_DIRS) / file;
    const auto fresh = plugins / "new";
    fs::copy_file(from, fresh);
    fs::permissions(fresh, fs::perms(0644));
    fs::rename(fresh, plugins / from.filename());
  }
  /// As an editor does it, so that nobody reads half of it.
  void write(const std::string& sections, const char* probe = "no") const {
    const auto fresh = directory.path() / "romp.ini.new";
    std::ofstream(fresh) << "[server]\nports = 0\nworkers = 2\n[plugins]\ndir = "
                         << plugins.native() << "\nprobe = " << probe << '\n'
                         << sections;
    fs::rename(fresh, ini());
  }
  std::string ini() const { return (directory.path() / "romp.ini").string(); }
  void run(const std::string& sections) {
    write(sections);
    broker.emplace(std::vector<std::string>{"-c", ini()});
    (void)broker->port();
  }
  /// Returns when the broker has read its configuration once more.
  void reload() {
    broker->signal(SIGHUP);
    ++reloads;
    ASSERT_TRUE(eventually([this] { return count("reloaded:") >= reloads; })) << broker->log();
  }
  int count(std::string_view text) const {
    const auto log = broker->log();
    int found = 0;
    for (auto at = log.find(text); at != log.npos; at = log.find(text, at + 1)) ++found;
    return found;
  }
  StompClient client() const {
    StompClient c(broker->port());
    c.connect();
    return c;
  }

  support::TemporaryDirectory directory;
  const fs::path plugins = [this] {
    const auto path = directory.path() / "plugins";
    fs::create_directory(path);
    return path;
  }();
  std::optional<BrokerProcess> broker;
  int reloads = 0;
};

}  // namespace romp::integration
