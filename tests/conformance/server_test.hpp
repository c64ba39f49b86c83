// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>

#include <string>
#include <string_view>

#include "support/eventually.hpp"
#include "support/failure.hpp"
#include "support/test_server.hpp"

namespace romp::conformance {

using support::Frame;
using support::Headers;
using support::StompClient;
using support::TestServer;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// A test against a broker with its defaults.
class ServerTest : public testing::Test {
 protected:
  StompClient client() const { return server.client(); }
  StompClient connect(std::string_view version = "1.2", const Headers& more = {}) const {
    return server.connect(version, more);
  }

  TestServer server;
};

/// The same test in STOMP 1.0, 1.1 and 1.2.
class EveryVersion : public ServerTest, public testing::WithParamInterface<std::string> {
 protected:
  StompClient connect(const Headers& more = {}) const { return server.connect(GetParam(), more); }
};

inline std::string version_name(const testing::TestParamInfo<std::string>& version) {
  return "v1_" + version.param.substr(2);
}

inline const auto every_version = testing::Values("1.0", "1.1", "1.2");
inline const auto newer_versions = testing::Values("1.1", "1.2");

}  // namespace romp::conformance
