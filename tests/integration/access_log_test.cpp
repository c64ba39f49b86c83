// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "support/broker_process.hpp"
#include "support/eventually.hpp"
#include "support/http_client.hpp"
#include "support/stomp_client.hpp"

namespace romp::integration {
namespace {

using support::BrokerProcess;
using support::eventually;
using support::StompClient;
using testing::HasSubstr;
using testing::Not;

bool says(const BrokerProcess& broker, std::string_view text) {
  return eventually([&] { return broker.log().find(text) != std::string::npos; });
}

TEST(AccessLog, TellsWhoCameWhoWentAndWhatWasAsked) {
  const auto broker = BrokerProcess::listening("[server]\nports = 0\naccess_log = info\n");
  {
    StompClient client(broker.port());
    client.connect();
    EXPECT_TRUE(says(broker, " of nobody by TCP has come"));
    client.send("SEND", {});
    client.expect_error();
  }
  EXPECT_TRUE(says(broker, " of nobody by TCP has gone: destination missing"));
  support::http_get(broker.port(), "/healthz");
  EXPECT_TRUE(says(broker, " \"GET /healthz\" 200"));
}

TEST(AccessLog, IsSilentBelowItsLevel) {
  const auto broker = BrokerProcess::listening("[server]\nports = 0\n");
  StompClient(broker.port()).connect();
  support::http_get(broker.port(), "/healthz");
  EXPECT_THAT(broker.log(), Not(HasSubstr("has come")));
  EXPECT_THAT(broker.log(), Not(HasSubstr("healthz")));
}

TEST(AccessLog, InJsonIsAnObjectALineWhateverClientsSend) {
  const auto broker = BrokerProcess::listening(
      "[server]\nports = 0\naccess_log = info\nlog_format = json\nlog_level = debug\n");
  {
    StompClient client(broker.port());
    client.connect();
    client.raw("SEND\ndestination:/queue/a\\n{\"x\":1}\x1b[2J\n\n");
    client.raw(std::string_view("\0", 1));
    client.expect_error();
  }
  ASSERT_TRUE(says(broker, "has gone"));
  std::istringstream log(broker.log());
  int lines = 0;
  for (std::string line; std::getline(log, line); ++lines) {
    const auto object = nlohmann::json::parse(line);
    EXPECT_TRUE(object.contains("time") && object.contains("level")) << line;
    EXPECT_FALSE(object.at("text").get<std::string>().empty());
  }
  EXPECT_GE(lines, 3);
}

}  // namespace
}  // namespace romp::integration
