// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/eventually.hpp"
#include "support/failure.hpp"
#include "support/test_server.hpp"

namespace romp::integration {

using support::eventually;
using support::Frame;
using support::Headers;
using support::queue_named;
using support::StompClient;
using support::test_settings;
using support::TestServer;
using support::topic_named;
using testing::ElementsAre;
using testing::HasSubstr;

inline const Headers individual{{"ack", "client-individual"}};
inline const Headers cumulative{{"ack", "client"}};

/// Bodies that tell their order: "0", "1" and so on.
inline std::vector<std::string> numbers(int count) {
  std::vector<std::string> all;
  for (int i = 0; i < count; ++i) all.push_back(std::to_string(i));
  return all;
}

/// A test says its settings, then starts the broker.
class ServerTest : public testing::Test {
 protected:
  void start() { server.emplace(settings); }
  /// With the rules of one destination.
  void start(config::DestinationSettings destination) {
    settings.destinations.push_back(std::move(destination));
    start();
  }
  StompClient connect(std::string_view version = "1.2", const Headers& more = {}) const {
    return server->connect(version, more);
  }
  bool is_settled(std::string_view queue) {
    const auto counts = server->counts(queue);
    return counts.waiting == 0 && counts.in_flight == 0;
  }

  config::Settings settings = test_settings();
  std::optional<TestServer> server;
};

}  // namespace romp::integration
