// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <fstream>
#include <string>
#include <vector>

#include "support/authority.hpp"
#include "support/broker_process.hpp"
#include "support/eventually.hpp"
#include "support/http_client.hpp"
#include "support/stomp_client.hpp"
#include "support/temporary_directory.hpp"
#include "support/tls_client.hpp"
#include "support/web_socket_client.hpp"

namespace romp::integration {
namespace {

using support::BrokerProcess;
using support::HttpClient;
using support::StompClient;
using support::WebSocketClient;

constexpr std::size_t many_sessions = 2000;

/// Memory of a daemon with many_sessions clients that say nothing.
class IdleMemory : public testing::Test {
 protected:
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  void SetUp() override { GTEST_SKIP() << "the memory of a sanitizer is not the broker's"; }
#endif
  std::size_t resident_octets() const {
    std::ifstream file("/proc/" + std::to_string(broker.pid()) + "/status");
    std::string word;
    while (file >> word && word != "VmRSS:") {
    }
    std::size_t kib = 0;
    file >> kib;
    return kib * 1024;
  }
  /// What one more client costs, after the first few have warmed the allocator.
  template <class Client, class Make>
  std::size_t octets_of_one(Make make) {
    std::vector<Client> clients;
    clients.reserve(many_sessions + 100);
    for (int i = 0; i < 100; ++i) clients.push_back(make());
    const std::size_t before = resident_octets();
    for (std::size_t i = 0; i < many_sessions; ++i) clients.push_back(make());
    const std::size_t each = (resident_octets() - before) / many_sessions;
    RecordProperty("octets", std::to_string(each));
    return each;
  }

  /// The last port that the daemon says it listens on.
  std::uint16_t last_port() const {
    const std::string log = broker.log();
    return static_cast<std::uint16_t>(std::stoul(log.substr(log.rfind("127.0.0.1:") + 10)));
  }

  support::TemporaryDirectory directory;
  support::Authority authority{"authority"};
  BrokerProcess broker = BrokerProcess::listening(
      "[server]\nports = 0\nworkers = 1\n[listener safe]\nport = 0\ntls = yes\ncertificate = " +
      directory.write("server.pem", authority.issue({"localhost"})) + "\n");
};

TEST_F(IdleMemory, OfAStompClientIsSmall) {
  const auto each = octets_of_one<StompClient>([this] {
    StompClient client(broker.port());
    client.connect();
    return client;
  });
  EXPECT_LE(each, 4096U);
}

TEST_F(IdleMemory, OfAWebSocketIsAtMostTenKibibytes) {
  const auto each = octets_of_one<WebSocketClient>([this] {
    WebSocketClient client(broker.port());
    client.connect();
    client.send("SUBSCRIBE", {{"destination", "/topic/a"}, {"id", "1"}, {"receipt", "r"}});
    client.expect("RECEIPT");
    return client;
  });
  EXPECT_LE(each, 10U * 1024);
}

TEST_F(IdleMemory, OfAClientOfTlsIsAtMostTwentyKibibytes) {
  ASSERT_TRUE(
      support::eventually([&] { return broker.log().find("(safe)") != std::string::npos; }));
  const auto port = last_port();
  const auto each = octets_of_one<StompClient>([port] {
    StompClient client(support::Socket(port, support::TlsWish{}));
    client.connect();
    return client;
  });
  EXPECT_LE(each, 20U * 1024);
}

TEST_F(IdleMemory, OfAHttpClientBetweenTwoRequestsIsSmall) {
  const auto each = octets_of_one<HttpClient>([this] {
    HttpClient client(broker.port());
    client.get("/healthz");
    return client;
  });
  EXPECT_LE(each, 4096U);
}

TEST_F(IdleMemory, OfAClientThatHasSaidNothingIsSmall) {
  const auto each = octets_of_one<StompClient>([this] { return StompClient(broker.port()); });
  EXPECT_LE(each, 2048U);
}

}  // namespace
}  // namespace romp::integration
