// SPDX-License-Identifier: Apache-2.0
#include "integration/bridge_test.hpp"
#include "support/authority.hpp"

namespace romp::integration {
namespace {

using support::Authority;

/// The other side speaks TLS on its second port.
class BridgeSecure : public BridgeTest {
 protected:
  void start_safe(const Authority::Wish& certificate) {
    config::ListenerSettings listener;
    listener.name = "safe";
    listener.tls.enabled = true;
    listener.tls.certificates = {file("server.pem", authority.issue(certificate))};
    listener.tls.ca = file("ca.pem", authority.certificate());
    listener.tls.verify = verify;
    there_settings.listeners = {listener};
    start_there();
  }
  std::string safe_address(const std::string& host) const {
    return host + ":" + std::to_string(there->port(1));
  }
  Keys with_tls() const {
    return {{"out", "/queue/orders -> /queue/taken"},
            {"tls", "yes"},
            {"tls_ca", file("trusted.pem", authority.certificate())}};
  }
  std::string file(std::string_view name, const std::string& text) const {
    return files.write(name, text);
  }
  void expect_delivery() {
    start_here();
    here->connect().publish("/queue/orders", "safe");
    auto reader = there->connect();
    reader.subscribe("/queue/taken");
    EXPECT_EQ(reader.message().body, "safe");
  }
  /// It never gets through, and the message stays.
  void expect_refusal() {
    start_here();
    here->connect().publish("/queue/orders", "safe");
    EXPECT_TRUE(eventually([&] {
      const auto page = metrics();
      const auto at = page.find("romp_outbound_failures_total{plugin=\"edge-1\"");
      return at != page.npos && page[page.find('}', at) + 2] != '0';
    }));
    EXPECT_TRUE(counts("bridge_up", 0));
    EXPECT_EQ(here->counts("/queue/orders").in_flight, 1U);
  }

  Authority authority{"ours"};
  support::TemporaryDirectory files;
  config::Verify verify = config::Verify::no;
};

TEST_F(BridgeSecure, SpeaksTlsToAServerThatItBelieves) {
  start_safe({"localhost", "DNS:localhost"});
  bridge(safe_address("localhost"), with_tls());
  expect_delivery();
}

TEST_F(BridgeSecure, BelievesAnAddressOnlyIfItIsInTheCertificate) {
  start_safe({"127.0.0.1", "IP:127.0.0.1"});
  bridge(safe_address("127.0.0.1"), with_tls());
  expect_delivery();
}

TEST_F(BridgeSecure, RefusesACertificateForAnotherName) {
  start_safe({"elsewhere", "DNS:elsewhere"});
  bridge(safe_address("localhost"), with_tls());
  expect_refusal();
}

TEST_F(BridgeSecure, RefusesACertificateOfAnAuthorityItDoesNotKnow) {
  start_safe({"localhost", "DNS:localhost"});
  const Authority other("other");
  Keys keys = with_tls();
  keys["tls_ca"] = file("other.pem", other.certificate());
  bridge(safe_address("localhost"), keys);
  expect_refusal();
}

TEST_F(BridgeSecure, RefusesACertificateThatHasEnded) {
  start_safe({"localhost", "DNS:localhost", -1});
  bridge(safe_address("localhost"), with_tls());
  expect_refusal();
}

TEST_F(BridgeSecure, ShowsItsOwnCertificate) {
  verify = config::Verify::required;
  start_safe({"localhost", "DNS:localhost"});
  const auto own = file("bridge.pem", authority.issue({"bridge"}));
  Keys keys = with_tls();
  keys["tls_certificate"] = own;
  keys["tls_key"] = own;
  bridge(safe_address("localhost"), keys);
  expect_delivery();
}

TEST_F(BridgeSecure, ComesInWithATokenEachTime) {
  there_settings.secret = "known to both of them";
  start_there();
  bridge(address_there(), {{"out", "/queue/orders -> /queue/taken"},
                           {"login", "bridge"},
                           {"passcode", "known to both of them"},
                           {"token", "yes"},
                           {"max_age", "100ms"}});
  start_here();
  EXPECT_TRUE(eventually([&] {
    const auto page = metrics();
    const auto at = page.find("romp_outbound_ups_total{plugin=\"edge-1\"");
    return at != page.npos && std::stoi(page.substr(page.find('}', at) + 2)) >= 3;
  }));
}

}  // namespace
}  // namespace romp::integration
