// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <chrono>
#include <csignal>
#include <filesystem>

#include "support/broker_process.hpp"
#include "support/eventually.hpp"
#include "support/failure.hpp"
#include "support/stomp_client.hpp"

namespace romp::integration {
namespace {

using support::BrokerProcess;
using support::eventually;
using support::StompClient;
using testing::HasSubstr;

constexpr int large = 100'000;
constexpr int many_frames = 200;

StompClient connect(const BrokerProcess& broker, int receive_buffer = 0) {
  StompClient client(broker.port(), receive_buffer);
  client.connect();
  return client;
}

/// Has more queued for `reader` than it has read.
void fill(const BrokerProcess& broker, StompClient& reader) {
  reader.subscribe("/topic/a");
  auto producer = connect(broker);
  for (int i = 0; i < many_frames; ++i) producer.publish("/topic/a", std::string(large, 'x'));
}

BrokerProcess patient_broker() {
  return BrokerProcess::listening(
      "[server]\nports = 0\ndrain_timeout = 5m\n[stomp]\noutbox_limit = 64MiB\n");
}

TEST(Signals, TermEndsAnIdleBroker) {
  auto broker = BrokerProcess::listening("[server]\nports = 0\n");
  broker.signal(SIGTERM);
  EXPECT_EQ(broker.exit_status(), 0);
  EXPECT_THAT(broker.log(), HasSubstr("romp has ended"));
}

TEST(Signals, IntEndsAnIdleBroker) {
  auto broker = BrokerProcess::listening("[server]\nports = 0\n");
  broker.signal(SIGINT);
  EXPECT_EQ(broker.exit_status(), 0);
}

TEST(Signals, TermEndsIdleConnectionsInOrder) {
  auto broker = BrokerProcess::listening("[server]\nports = 0\n");
  auto client = connect(broker);
  broker.signal(SIGTERM);
  client.expect_closed();
  client.socket().close();
  EXPECT_EQ(broker.exit_status(), 0);
}

TEST(Signals, TermStopsAccepting) {
  auto broker = patient_broker();
  auto reader = connect(broker, 4096);
  fill(broker, reader);
  const auto port = broker.port();
  broker.signal(SIGTERM);
  const auto is_refused = [port] {
    try {
      const StompClient late(port);
      return false;
    } catch (const support::Failure&) {
      return true;
    }
  };
  EXPECT_TRUE(eventually(is_refused));
  EXPECT_TRUE(broker.is_running());
}

TEST(Signals, TermWritesOutWhatIsQueued) {
  auto broker = patient_broker();
  auto reader = connect(broker, 4096);
  fill(broker, reader);
  broker.signal(SIGTERM);
  EXPECT_EQ(reader.bodies(many_frames).size(), many_frames);
  reader.expect_closed();
  reader.socket().close();
  EXPECT_EQ(broker.exit_status(), 0);
}

TEST(Signals, TermWaitsNoLongerThanDrainTimeout) {
  auto broker = BrokerProcess::listening(
      "[server]\nports = 0\ndrain_timeout = 200ms\n[stomp]\noutbox_limit = 64MiB\n");
  auto reader = connect(broker, 4096);
  fill(broker, reader);
  broker.signal(SIGTERM);
  EXPECT_EQ(broker.exit_status(), 0);
}

TEST(Signals, ASecondOneEndsAtOnce) {
  auto broker = patient_broker();
  auto reader = connect(broker, 4096);
  fill(broker, reader);
  broker.signal(SIGTERM);
  ASSERT_TRUE(eventually([&] { return broker.log().find("draining") != std::string::npos; }));
  ASSERT_TRUE(broker.is_running());
  broker.signal(SIGTERM);
  EXPECT_EQ(broker.exit_status(), 0);
}

TEST(PidFile, IsThereWhileTheBrokerRuns) {
  const support::TemporaryDirectory directory;
  const auto file = directory.path() / "romp.pid";
  auto broker = BrokerProcess::listening("[server]\nports = 0\npid_file = " + file.string() + "\n");
  const std::string pid = std::to_string(broker.pid()) + "\n";
  EXPECT_TRUE(eventually([&] { return directory.read("romp.pid") == pid; }));
  broker.signal(SIGTERM);
  EXPECT_EQ(broker.exit_status(), 0);
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST(PidFile, ThatCannotBeWrittenIsAWarning) {
  auto broker = BrokerProcess::listening("[server]\nports = 0\npid_file = /nowhere/romp.pid\n");
  EXPECT_TRUE(eventually(
      [&] { return broker.log().find("cannot write the pid file") != std::string::npos; }));
  connect(broker).nothing_came();
}

}  // namespace
}  // namespace romp::integration
