// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "integration/server_test.hpp"
#include "support/http_client.hpp"
#include "support/scripted_server.hpp"
#include "support/temporary_directory.hpp"

namespace romp::integration {

/// A broker with a bridge to another side, which a test starts as it likes.
class BridgeTest : public testing::Test {
 protected:
  using Keys = std::map<std::string, std::string>;

  BridgeTest() {
    here_settings.plugin_dir = directory.path();
    config::ListenerSettings admin;
    admin.name = "admin";
    admin.admin = true;
    here_settings.listeners.push_back(admin);
  }

  void install(const std::string& file) {
    namespace fs = std::filesystem;
    const fs::path from = fs::path(ROMP_PLUGIN_DIRS) / file;
    fs::copy_file(from, directory.path() / from.filename());
    fs::permissions(directory.path() / from.filename(), fs::perms(0644));
  }
  /// A section of the bridge's plugin.
  void bridge(const std::string& address, const Keys& keys, const std::string& name = "edge-1") {
    if (here_settings.plugins.empty()) install("plugins/downstream.so");
    config::PluginSettings section;
    section.name = name;
    section.file = "downstream.so";
    Keys all = keys;
    all.emplace("address", address);
    all.emplace("retry_min", "20ms");
    all.emplace("retry_max", "100ms");
    for (const auto& [key, value] : all) section.values[key] = {value, "test.ini", 1};
    here_settings.plugins.push_back(section);
  }
  void start_here() { here.emplace(here_settings); }
  void start_there(std::uint16_t port = 0) {
    there_settings.ports = {port};
    there.emplace(there_settings);
  }
  std::string address_there() const { return "127.0.0.1:" + std::to_string(there->port()); }

  std::string metrics() const { return support::http_get(here->port(1), "/metrics").body; }
  bool counts(const std::string& metric, int value, const std::string& name = "edge-1") const {
    const auto line =
        "romp_plugin_" + metric + "{plugin=\"" + name + "\"} " + std::to_string(value);
    return eventually([&] { return metrics().find(line + "\n") != std::string::npos; });
  }
  static bool is_empty(TestServer& server, std::string_view queue) {
    return eventually([&] {
      const auto counts = server.counts(queue);
      return counts.waiting == 0 && counts.in_flight == 0;
    });
  }
  static std::vector<std::string> numbers(int from, int to) {
    std::vector<std::string> all;
    for (int i = from; i <= to; ++i) all.push_back(std::to_string(i));
    return all;
  }

  support::TemporaryDirectory directory;
  config::Settings here_settings = test_settings();
  config::Settings there_settings = test_settings();
  std::optional<TestServer> there;
  std::optional<TestServer> here;
};

}  // namespace romp::integration
